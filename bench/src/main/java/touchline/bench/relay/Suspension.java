package touchline.bench.relay;

import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import touchline.bench.OpenSchedule;

/** A suspension in the midst of a burst of prices: how long until the last of all clients has it. */
final class Suspension {

    private static final int MATCHES = 40;
    private static final int CLIENTS = 5_000;
    private static final int PER_SECOND = 1000;
    /** Of each half second, in calls: a burst, the suspension in its middle, and the market open again. */
    private static final int PERIOD = 500;

    private static final int BURST = 100;
    private static final int OPEN = 400;
    private static final int QUIET_EVERY = 50;

    private final Stage.Choice choice;

    Suspension(Stage.Choice choice) {
        this.choice = choice;
    }

    boolean measure() throws Exception {
        int warmUp = choice.warmUp();
        int seconds = Math.max(choice.seconds(), 60);
        try (Stage stage = new Stage(choice, MATCHES, 1)) {
            stage.grow(CLIENTS, 0);
            long start = stage.clock.micros() + 200_000;
            long from = start + warmUp * 1_000_000L;
            stage.fleet.record(from, from + seconds * 1_000_000L, 500_000);
            Spent spent = stage.spent();
            OpenSchedule.run(stage.clock.nanos(start), PER_SECOND, warmUp + seconds, (n, intended) -> {
                if (n == warmUp * PER_SECOND) {
                    spent.begin();
                }
                long stamp = stage.clock.micros(intended);
                int at = n % PERIOD;
                if (at < BURST || at % QUIET_EVERY == 0) {
                    stage.source.prices(n, 1, stamp);
                }
                if (at == BURST / 2) {
                    stage.source.suspend(n / PERIOD % MATCHES, stamp);
                } else if (at == OPEN) {
                    stage.source.open(n / PERIOD % MATCHES);
                }
            });
            spent.end();
            boolean equal = stage.awaitEqual(30);
            Report report = stage.fleet.report();
            Histogram last = report.histogram("last");
            Histogram each = report.histogram("suspended");
            System.out.printf(
                    Locale.ROOT,
                    "%n%d suspensions, each amidst %d prices in %d ms, to %,d clients: to the last of them p50 %.1f ms, p99 %.1f,"
                            + " max %.1f; to each p50 %.1f, p99 %.1f; relay %.0f %% of a core;"
                            + " not seen by all: %d; equal to Redis: %s; %s%n",
                    last.getTotalCount(),
                    BURST,
                    BURST * 1000 / PER_SECOND,
                    CLIENTS,
                    last.getValueAtPercentile(50) / 1000.0,
                    last.getValueAtPercentile(99) / 1000.0,
                    last.getMaxValue() / 1000.0,
                    each.getValueAtPercentile(50) / 1000.0,
                    each.getValueAtPercentile(99) / 1000.0,
                    100 * spent.relay / spent.wall,
                    report.count("incomplete"),
                    equal ? "yes" : "NO",
                    report.wrongsInWords());
            try (PrintStream out = new PrintStream(
                    Files.newOutputStream(choice.directory().resolve("suspension.hgrm")), false, "UTF-8")) {
                last.outputPercentileDistribution(out, 1000.0);
            }
            Plot plot = new Plot("A suspension amidst a burst of prices", "percentile", "ms");
            plot.percentiles("to the last of 5,000 clients", last);
            plot.percentiles("to each client", each);
            plot.write(choice.directory().resolve("suspension.svg"));
            return equal && report.wrongs() == 0 && report.count("incomplete") == 0;
        }
    }
}
