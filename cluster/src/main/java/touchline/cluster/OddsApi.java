package touchline.cluster;

import java.util.concurrent.CountDownLatch;
import touchline.sandbox.OddsApiServer;
import touchline.sandbox.OddsTerms;

/** The stand-in odds API as a process: port, key, grounds, speed and the directory of recordings, if any, are its arguments. */
final class OddsApi {

    private OddsApi() {}

    /** Serves until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        Load load = new Load(Integer.parseInt(args[2]), Double.parseDouble(args[3]), args.length > 4 ? args[4] : "");
        OddsTerms terms = new OddsTerms(args[1], 1_000_000_000_000L, 1_000);
        try (OddsApiServer server = OddsApiServer.start(
                Integer.parseInt(args[0]), load.feed(System::currentTimeMillis), terms, System::currentTimeMillis)) {
            System.out.println("listening on " + server.url());
            new CountDownLatch(1).await();
        }
    }
}
