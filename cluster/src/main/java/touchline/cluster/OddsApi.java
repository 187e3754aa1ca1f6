package touchline.cluster;

import java.util.concurrent.CountDownLatch;
import touchline.sandbox.OddsApiServer;
import touchline.sandbox.OddsTerms;
import touchline.sandbox.Simulation;
import touchline.sandbox.SimulationPlan;

/** The stand-in odds API as a process: port, key, grounds and speed are its arguments. */
final class OddsApi {

    private OddsApi() {}

    /** Serves simulated matches until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        SimulationPlan plan = new SimulationPlan(
                1, Double.parseDouble(args[3]), Integer.parseInt(args[2]), SimulationPlan.DEFAULT.defects());
        OddsTerms terms = new OddsTerms(args[1], 1_000_000_000_000L, 1_000);
        try (OddsApiServer server = OddsApiServer.start(
                Integer.parseInt(args[0]),
                new Simulation(plan, System::currentTimeMillis),
                terms,
                System::currentTimeMillis)) {
            System.out.println("listening on " + server.url());
            new CountDownLatch(1).await();
        }
    }
}
