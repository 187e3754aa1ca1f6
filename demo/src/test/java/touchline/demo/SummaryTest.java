package touchline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import touchline.audit.AuditReport;

class SummaryTest {

    private static final Map<String, Long> KEPT = Map.of(
            "gaps", 0L,
            "repeats", 0L,
            "stepsBack", 0L,
            "checksumMismatches", 0L,
            "lostEntries", 0L,
            "unreadable", 0L,
            "positionsChecked", 12_345L);

    @Test
    void namesEveryBrokenPromise() {
        Map<String, Long> verdicts = new TreeMap<>(KEPT);
        verdicts.put("gaps", 2L);
        Summary summary = new Summary(
                BoardTest.figures(), Map.of(), verdicts, List.of("gap ..."), audit(Map.of("cells", 3L)), "");

        assertThat(summary.broken())
                .containsExactly(
                        "P1 order: 2 gaps in a match's positions",
                        "P2 state, P7 same log same bytes: the audit found 3 differences {cells=3}",
                        "IngestJob was restarting at the end: look into the log");
        assertThat(summary.json().path("auditDifferences").asLong()).isEqualTo(3);
        assertThat(summary.json().path("gaps").asLong()).isEqualTo(2);
        assertThat(summary.json().path("brokenPromises")).hasSize(3);
    }

    @Test
    void anAuditThatCouldNotBeDoneIsABrokenPromise() {
        Summary summary = new Summary(BoardTest.figures(), Map.of(), KEPT, List.of(), null, "Kafka is gone");

        assertThat(summary.broken()).first().asString().contains("Kafka is gone");
    }

    @Test
    void writesWhatOthersMayCompare() {
        Summary summary = new Summary(BoardTest.figures(), Map.of(), KEPT, List.of(), audit(Map.of()), "");

        assertThat(summary.json().path("feedRecords").asLong()).isEqualTo(90);
        assertThat(summary.json().path("positionsChecked").asLong()).isEqualTo(12_345);
        assertThat(summary.json().path("refused").path("unknown_match").asLong())
                .isEqualTo(1_001);
        assertThat(summary.json()
                        .path("jobs")
                        .path("MarketJob")
                        .path("checkpoints")
                        .asLong())
                .isEqualTo(3_600);
    }

    private static AuditReport audit(Map<String, Long> counts) {
        return new AuditReport(
                new AuditReport.Log(64, 0, 100, 10, new TreeMap<>()),
                new AuditReport.Fold(10, 8, 12_345),
                new AuditReport.Streams(16, 0, 12_345, 12_345),
                new AuditReport.Hashes(10, 10, 400),
                new AuditReport.Left(0, 0, 0, 0),
                new TreeMap<>(counts),
                List.of());
    }
}
