package touchline.sql;

import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import touchline.audit.Speech;

/** A gateway in the foreground, until it is asked to end. */
@Command(
        name = "gateway",
        description = "Flink's SQL gateway on a running demo or cluster, for curl, JDBC and ./touchline sql --gateway.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class GatewayCommand implements Callable<Integer> {

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8083",
            description = "port (default: ${DEFAULT-VALUE}; 0: a free one)")
    private int port;

    @Option(
            names = "--address",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description =
                    "address to listen on (default: ${DEFAULT-VALUE}); whoever reaches it may run anything on that Flink")
    private String address = "";

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of Flink's, for every session")
    private Map<String, String> set = new TreeMap<>();

    @Mixin
    private final Where where = new Where();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Speech.out(spec);
        int free = port == 0 ? FreePort.find() : port;
        try (UntilEnd<Gateway> gateway = new UntilEnd<>(Gateway.start(where.installation(), address, free, set))) {
            String at = gateway.part().address();
            Speech.tell(out, "SQL gateway  http://" + at + "/v2/info      ./touchline sql --gateway " + at);
            // Until it is interrupted, as the JVM is asked to end.
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
