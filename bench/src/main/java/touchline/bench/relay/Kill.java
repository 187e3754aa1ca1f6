package touchline.bench.relay;

import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import touchline.bench.OpenSchedule;

/**
 * A relay dies (SIGKILL) with a crowd on it: how long until each of its clients is current again, which is when it was
 * told that it has all and has seen a price of every match that was sent after the death. With one relay, that one is
 * started again at once; with two, the other takes them.
 */
final class Kill {

    private static final int MATCHES = 5;
    private static final int CLIENTS = 5_000;
    private static final int CALLS = 4;
    private static final int BEFORE = 10;
    private static final int AFTER = 30;

    private final Stage.Choice choice;

    Kill(Stage.Choice choice) {
        this.choice = choice;
    }

    boolean measure(int relays) throws Exception {
        try (Stage stage = new Stage(choice, MATCHES, relays)) {
            // With two relays twice as many clients, so that as many lose theirs.
            stage.grow(CLIENTS * relays, 0);
            long start = stage.clock.micros() + 200_000;
            AtomicLong died = new AtomicLong();
            stage.fleet.record(start, start + (BEFORE + AFTER) * 1_000_000L, 1_000_000L / CALLS);
            OpenSchedule.run(stage.clock.nanos(start), CALLS, BEFORE + AFTER, (n, intended) -> {
                if (n == BEFORE * CALLS) {
                    died.set(stage.clock.micros());
                    stage.fleet.died(died.get());
                    stage.relay().kill();
                    if (relays == 1) {
                        stage.relay().startAgain();
                    }
                }
                stage.source.prices(0, MATCHES, stage.clock.micros(intended));
            });
            boolean equal = stage.awaitEqual(30);
            Report report = stage.fleet.report();
            Histogram again = report.histogram("again");
            Histogram letIn = report.histogram("letIn");
            String how = relays == 1 ? "started again at once" : "another one beside it";
            System.out.printf(
                    Locale.ROOT,
                    "%nrelay killed, %s: %,d clients were current again after p50 %.0f ms, p99 %.0f, max %.0f (let in"
                            + " after p50 %.0f, p99 %.0f); equal to Redis: %s; %s; images %d, connections ended %s%n",
                    how,
                    again.getTotalCount(),
                    again.getValueAtPercentile(50) / 1000.0,
                    again.getValueAtPercentile(99) / 1000.0,
                    again.getMaxValue() / 1000.0,
                    letIn.getValueAtPercentile(50) / 1000.0,
                    letIn.getValueAtPercentile(99) / 1000.0,
                    equal ? "yes" : "NO",
                    report.wrongsInWords(),
                    report.count("images"),
                    report.words("ends"));
            Files.writeString(
                    choice.directory().resolve("kill.csv"),
                    String.format(
                            Locale.ROOT,
                            "\"%s\",%d,%.1f,%.1f,%.1f%n",
                            how,
                            again.getTotalCount(),
                            again.getValueAtPercentile(50) / 1000.0,
                            again.getValueAtPercentile(99) / 1000.0,
                            again.getMaxValue() / 1000.0),
                    StandardOpenOption.CREATE,
                    relays == 1 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND);
            return equal && report.wrongs() == 0 && again.getTotalCount() == CLIENTS;
        }
    }
}
