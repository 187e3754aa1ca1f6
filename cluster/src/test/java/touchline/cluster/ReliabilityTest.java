package touchline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page, and the outcomes on it. */
class ReliabilityTest {

    private static final Load SIMULATED = Load.simulated(12, 10);
    private static final Load RECORDED = new Load(0, 300, "/somewhere");

    @TempDir
    private Path directory;

    private Path page() {
        return directory.resolve("docs/reliability.md");
    }

    private List<String> rows() throws IOException {
        return Files.readAllLines(page()).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
    }

    private static Outcome kept(long... ms) {
        Outcome outcome = new Outcome();
        for (long each : ms) {
            outcome.add(each, each + 10, List.of());
        }
        return outcome;
    }

    @Test
    void tellsMedianAndWorstOfTheRuns() throws IOException {
        Reliability.write(page(), Map.of(Death.KAFKA_KILL, kept(3_000, 1_000, 2_000)), SIMULATED, 8);
        assertThat(rows())
                .singleElement()
                .asString()
                .contains("| `kafka-kill` |", "| 3 | kept | 2.00 / 3.00 | 2.01 / 3.01 |", "12 simulated matches")
                .endsWith("`./touchline chaos --fault kafka-kill --runs 3` |");
    }

    @Test
    void newRunsTakeTheirRowsPlaceAndTheOthersStayInTheOrderOfTheFaults() throws IOException {
        Reliability.write(page(), Map.of(Surroundings.POISON, kept(1), Death.KAFKA_KILL, kept(1_000)), SIMULATED, 8);
        Reliability.write(page(), Map.of(Death.KAFKA_KILL, kept(5_000)), SIMULATED, 8);
        assertThat(rows()).hasSize(2);
        assertThat(rows().get(0)).contains("`kafka-kill`", "5.00");
        assertThat(rows().get(1)).contains("`poison`");
    }

    @Test
    void underRecordedDaysAFaultHasARowOfItsOwn() throws IOException {
        Reliability.write(page(), Map.of(Death.KAFKA_KILL, kept(1_000)), SIMULATED, 8);
        Reliability.write(page(), Map.of(Death.KAFKA_KILL, kept(2_000)), RECORDED, 24);
        assertThat(rows()).hasSize(2);
        assertThat(rows().get(0)).contains("+ 8 of operators").doesNotContain("--operated");
        assertThat(rows().get(1))
                .contains(
                        "`kafka-kill, recorded`",
                        "recorded days",
                        "+ 24 of operators",
                        "--operated 24",
                        "--recordings DIR")
                .doesNotContain("/somewhere");
    }

    @Test
    void whatIsBrokenIsSaidWithItsFirstReasonAndNeverBreaksTheTable() throws IOException {
        Outcome outcome = kept(1_000);
        outcome.add(-1, -1, List.of("a | b\nmore", "another"));
        Reliability.write(page(), Map.of(Death.KAFKA_KILL, outcome), SIMULATED, 8);
        assertThat(outcome.broken()).isTrue();
        assertThat(rows()).singleElement().asString().contains("| 2 | **broken** in 1: a / b | 1.00 / 1.00 |");
    }

    @Test
    void whatWasSkippedIsSaidWithItsReasonAndIsNotBroken() throws IOException {
        Outcome outcome = new Outcome();
        outcome.skipped("needs root");
        Reliability.write(page(), Map.of(Surroundings.DISK_FULL, outcome), SIMULATED, 8);
        assertThat(outcome.broken()).isFalse();
        assertThat(rows()).singleElement().asString().contains("| 0 | skipped: needs root | - | - |");
    }
}
