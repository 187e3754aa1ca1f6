package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;
import touchline.postgres.Captured.Beat;
import touchline.postgres.Captured.Document;
import touchline.postgres.Captured.LinkRow;
import touchline.sandbox.FlinkServer;

/** A change stream that loses rows, on a real database. */
class ReconcilerIT {

    private static OperatorsDatabase database;
    private static FlinkServer flink;

    @BeforeAll
    static void startServers() {
        database = OperatorsDatabase.start();
        flink = FlinkServer.start(0);
    }

    @AfterAll
    static void stopServers() {
        flink.close();
        database.close();
    }

    private static PostgresSettings settings(String slot) {
        return new Settings(Map.of(
                        "postgres.port",
                        Integer.toString(database.server().port()),
                        "postgres.slot",
                        slot,
                        "postgres.heartbeatMs",
                        "100",
                        "postgres.reconcileMs",
                        "100"))
                .as(PostgresSettings.class, "postgres");
    }

    private static void match(String id) throws Exception {
        database.operator("insert into touchline.match (id, home, away) values ('" + id + "', 'a', 'b')");
    }

    @Test
    void whatTheStreamLosesIsHandedOnInItsPlaceOnce() throws Exception {
        try (Reading reading = Reading.startLosing(flink, settings("loses"))) {
            reading.awaitStreaming();
            match("manual:lost1");
            match("manual:kept1");
            database.operator("update touchline.match set phase = 'live' where id = 'manual:lost1'");
            database.operator(
                    "insert into touchline.link (provider_match, match) values ('oddsapi:lost', 'manual:kept1')");
            reading.await(
                    "the document",
                    row -> row instanceof Document d && d.match().equals("manual:lost1") && d.rev() == 2);
            reading.await(
                    "the link",
                    row -> row instanceof LinkRow link && link.providerMatch().equals("oddsapi:lost"));

            // What was handed on is not lost any more, and what came is none.
            database.operator("update touchline.match set phase = 'live' where id = 'manual:kept1'");
            reading.await(
                    "the next", row -> row instanceof Document d && d.match().equals("manual:kept1") && d.rev() == 2);
            awaitBeats(reading, 10);
            assertThat(reading.documents("manual:lost1").stream().map(Document::rev))
                    .doesNotHaveDuplicates()
                    .endsWith(2L);
            assertThat(reading.documents("manual:kept1").stream().map(Document::rev))
                    .containsExactly(1L, 2L);
            assertThat(reading.documents("manual:lost1").get(0).body().fixture())
                    .isNotNull();
        }
    }

    @Test
    void afterARestoreNothingIsLostThatWasReadBefore() throws Exception {
        try (Reading reading = Reading.start(flink, settings("restored"))) {
            reading.awaitStreaming();
            match("manual:before");
            reading.await(
                    "the document",
                    row -> row instanceof Document d && d.match().equals("manual:before"));
            reading.awaitCheckpoints(2);
            String checkpoint = reading.cancel();
            match("manual:between");
            int seen = reading.seen().size();
            reading.resume(checkpoint);
            reading.await(
                    "the other", row -> row instanceof Document d && d.match().equals("manual:between"));
            awaitBeats(reading, 10);
            // The stream may say again what it said last before the checkpoint, in its place. Whatever is handed on for
            // lost comes with
            // a later heartbeat, behind what was committed in between.
            assertThat(reading.seen().stream().skip(seen).filter(Document.class::isInstance))
                    .extracting(row -> ((Document) row).match())
                    .endsWith("manual:between")
                    .containsOnlyOnce("manual:between");
        }
    }

    /** Several looks at the tables lie in between. */
    private static void awaitBeats(Reading reading, int more) {
        long before = beats(reading);
        touchline.sandbox.Await.until(
                "heartbeats", java.time.Duration.ofSeconds(30), () -> beats(reading) >= before + more);
    }

    private static long beats(Reading reading) {
        return reading.seen().stream().filter(Beat.class::isInstance).count();
    }
}
