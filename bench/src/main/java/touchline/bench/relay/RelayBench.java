package touchline.bench.relay;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures a relay from outside: {@code ./touchline bench relay [idle|steady|flood|suspension|slow|kill|centrifuge]...}.
 * Redis, the relay, the fleet of clients and the source that writes prices share this machine, and so its processors: what
 * the relay itself used stands in a column of its own.
 */
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        description = "Measures a relay with a crowd of clients, each of which verifies all that it is sent.")
public final class RelayBench implements Callable<Integer> {

    private static final List<String> ALL =
            List.of("idle", "steady", "flood", "suspension", "slow", "kill", "centrifuge");

    @Parameters(
            description =
                    "what to measure: ${DEFAULT-VALUE} of idle, steady, flood, suspension, slow, kill, centrifuge",
            defaultValue = "all")
    private List<String> what = List.of();

    @Option(names = "--seconds", defaultValue = "20", description = "length of each measured run (${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--warm-up", defaultValue = "8", description = "seconds before each, unmeasured (${DEFAULT-VALUE})")
    private int warmUp;

    @Option(
            names = "--clients",
            defaultValue = "10000",
            description = "idle connections of 'idle' and 'centrifuge' (${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--step",
            paramLabel = "CLIENTS:PER_SECOND:WINDOW_MS",
            description = "a step of 'steady': so many clients, so many updates delivered a second to all of them"
                    + " together, a window that each asks for; may be repeated")
    private List<String> steps = List.of(
            "1000:20000:0",
            "1000:40000:0",
            "1000:80000:0",
            "5000:50000:0",
            "5000:500000:100",
            "10000:50000:0",
            "10000:500000:100",
            "10000:1000000:100");

    @Option(names = "--shards", defaultValue = "4", description = "shards in Redis (${DEFAULT-VALUE})")
    private int shards;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "a setting of the relay for all measurements, as relay.windowMs=50; may be repeated")
    private Map<String, String> set = Map.of();

    @Option(
            names = "--relay-java",
            defaultValue = "-Xmx512m",
            split = " ",
            description = "options of the relay's JVM (${DEFAULT-VALUE})")
    private List<String> relayJava = List.of();

    @Option(names = "--profile", description = "also record what the relay does, a .jfr of each run")
    private boolean profile;

    @Option(
            names = "--out",
            defaultValue = "target/bench",
            description = "directory for tables, histograms, plots and the processes' logs (${DEFAULT-VALUE})")
    private Path out = Path.of("target/bench");

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(out);
        System.out.printf(
                Locale.ROOT,
                "%d cores, load %.2f before the first measurement%n",
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        boolean right = true;
        boolean all = what.equals(List.of("all"));
        for (String one : all ? ALL : what) {
            try {
                right &= measure(one);
            } catch (GoProgram.Unavailable e) {
                System.out.println(one + (all ? ": skipped, " : ": ") + e.getMessage());
                right &= all;
            }
        }
        return right ? 0 : 1;
    }

    /** Whether all that must hold however fast it is has held: equal states, no gap, no step back. */
    private boolean measure(String one) throws Exception {
        return switch (one) {
            case "idle" -> new Idle(choice(Map.of()), clients).measure();
            case "steady" -> new Steady(choice(Map.of())).measure("steady", steps());
            case "flood" -> new Flood(choice(Map.of("relay.windowMs", "0"))).measure();
            case "suspension" -> new Suspension(choice(Map.of())).measure();
            case "slow" -> new SlowReaders(choice(Map.of())).measure();
            case "kill" -> {
                boolean alone = new Kill(choice(Map.of())).measure(1);
                boolean beside = new Kill(choice(Map.of())).measure(2);
                yield alone && beside;
            }
            case "centrifuge" -> new Centrifuge(choice(Map.of("relay.windowMs", "0")), clients).measure();
            default -> throw new IllegalArgumentException("unknown measurement '" + one + "': use some of " + ALL);
        };
    }

    private List<Steady.Step> steps() {
        return steps.stream().map(Steady.Step::parse).toList();
    }

    private Stage.Choice choice(Map<String, String> changes) {
        // The crowd comes at once, which a relay at its defaults would not allow.
        Map<String, String> settings = new LinkedHashMap<>(Map.of("relay.handshakesPerSecond", "20000"));
        settings.putAll(changes);
        settings.putAll(set);
        return new Stage.Choice(out, relayJava, settings, shards, warmUp, seconds, profile);
    }
}
