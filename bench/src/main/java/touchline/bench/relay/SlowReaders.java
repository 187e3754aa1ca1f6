package touchline.bench.relay;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The same load with and without a tenth of the clients reading nothing, by turns: what that does to the others. */
final class SlowReaders {

    private static final int MATCHES = 60;
    private static final int CLIENTS = 2_000;
    private static final int TOGETHER = 20;
    private static final int CALLS = 10;
    private static final int PERCENT = 10;
    private static final int TURNS = 3;

    private final Stage.Choice choice;

    SlowReaders(Stage.Choice choice) {
        this.choice = choice;
    }

    boolean measure() throws Exception {
        Histogram[] both = {new Histogram(Tally.HIGHEST_MICROS, 3), new Histogram(Tally.HIGHEST_MICROS, 3)};
        List<String> lines = new ArrayList<>(List.of("turn,slow,p50Ms,p99Ms,p999Ms,maxMs"));
        boolean right = true;
        String ends = "";
        try (Stage stage = new Stage(choice, MATCHES, 1)) {
            stage.grow(CLIENTS, 0);
            System.out.println();
            System.out.println(Outcome.head());
            for (int turn = 0; turn < 2 * TURNS; turn++) {
                int slow = turn % 2;
                stage.fleet.slow(slow * PERCENT);
                stage.fleet.awaitReady(CLIENTS - (slow > 0 ? CLIENTS * PERCENT / 100 : 0), Duration.ofMinutes(1));
                Outcome outcome =
                        stage.run(slow == 0 ? "all read" : PERCENT + " % read nothing", 0, TOGETHER, CALLS, slow == 0);
                System.out.println(outcome.row());
                Histogram passed = outcome.report().histogram("passed");
                both[slow].add(passed);
                lines.add(String.format(
                        Locale.ROOT,
                        "%d,%d,%.3f,%.3f,%.3f,%.3f",
                        turn,
                        slow * PERCENT,
                        passed.getValueAtPercentile(50) / 1000.0,
                        passed.getValueAtPercentile(99) / 1000.0,
                        passed.getValueAtPercentile(99.9) / 1000.0,
                        passed.getMaxValue() / 1000.0));
                right &= outcome.report().wrongs() == 0 && (slow > 0 || Boolean.TRUE.equals(outcome.equal()));
                ends += " " + outcome.report().words("ends");
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d %% of %,d clients reading nothing: the others' p99 %.1f ms instead of %.1f, ratio %.2f; connections"
                        + " ended by turn:%s%n",
                PERCENT,
                CLIENTS,
                both[1].getValueAtPercentile(99) / 1000.0,
                both[0].getValueAtPercentile(99) / 1000.0,
                (double) both[1].getValueAtPercentile(99) / both[0].getValueAtPercentile(99),
                ends);
        Files.write(choice.directory().resolve("slow.csv"), lines);
        return right;
    }
}
