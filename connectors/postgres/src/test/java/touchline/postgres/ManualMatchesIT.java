package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import touchline.feed.Refusal;
import touchline.postgres.Captured.Beat;
import touchline.postgres.Captured.Document;
import touchline.postgres.Captured.LinkRow;
import touchline.postgres.Captured.Unusable;
import touchline.sandbox.Await;
import touchline.sandbox.FlinkServer;

/** A real database read by a real job, as the role of least privilege. */
class ManualMatchesIT {

    private static final String SLOT = "reading";

    private static OperatorsDatabase database;
    private static FlinkServer flink;
    private static int made;

    private Reading reading;
    private String match;

    @BeforeAll
    static void startServers() throws Exception {
        database = OperatorsDatabase.start();
        database.operator("insert into touchline.match (id, home, away) values ('manual:old', 'a', 'b')");
        flink = FlinkServer.start(0);
    }

    @AfterAll
    static void stopServers() {
        flink.close();
        database.close();
    }

    @BeforeEach
    void startReading() throws Exception {
        match = "manual:t" + ++made;
        DatabaseCheck.verify(database.settings(SLOT));
        reading = Reading.start(flink, database.settings(SLOT));
        reading.awaitStreaming();
    }

    @AfterEach
    void stopReading() throws Exception {
        reading.close();
        database.dropSlot(SLOT);
    }

    @Test
    void onAnIdleDatabaseTheSnapshotComesFirstAndTheStreamStarts() {
        List<Captured> seen = List.copyOf(reading.seen());
        int firstStreamed = 0;
        while (!seen.get(firstStreamed).streamed()) {
            firstStreamed++;
        }
        assertThat(seen.subList(0, firstStreamed))
                .anySatisfy(row -> assertThat(row)
                        .isInstanceOfSatisfying(
                                Document.class,
                                document -> assertThat(document.match()).isEqualTo("manual:old")));
        assertThat(seen.get(firstStreamed)).isInstanceOf(Beat.class);
        assertThat(seen.subList(firstStreamed, seen.size())).allMatch(Captured::streamed);
    }

    @Test
    void everyTransactionIsExactlyOneDocument() throws Exception {
        database.operator("insert into touchline.match (id, home, away) values ('" + match + "', 'a', 'b')");
        ExecutorService writers = Executors.newFixedThreadPool(4);
        List<Future<?>> done = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            done.add(writers.submit(() -> {
                try (Connection connection = database.connectAs("touchline_operator");
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    for (int i = 0; i < 50; i++) {
                        for (int k = 0; k < 3; k++) {
                            statement.execute(
                                    "insert into touchline.incident (match, type) values ('" + match + "', 'corner')");
                        }
                        statement.execute("insert into touchline.command (match, market) values ('" + match + "', 'm"
                                + i % 7 + "')");
                        connection.commit();
                    }
                }
                return null;
            }));
        }
        writers.shutdown();
        for (Future<?> one : done) {
            one.get(60, TimeUnit.SECONDS);
        }
        reading.await(
                "revision 201", row -> row instanceof Document d && d.match().equals(match) && d.rev() == 201);

        assertThat(reading.documents(match).stream().map(Document::rev))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 201).boxed().toList());
        Document last = reading.documents(match).get(200);
        assertThat(last.body().incidents()).hasSize(600);
        assertThat(last.generation())
                .isEqualTo(Long.parseLong(database.one("select generation from touchline.lineage")));
        assertThat(last.at()).isPositive();
    }

    @Test
    void aTransactionThatChangesNothingIsNoDocument() throws Exception {
        database.operator("insert into touchline.match (id, home, away) values ('" + match + "', 'a', 'b')");
        database.operator("update touchline.match set home = 'a' where id = '" + match + "'");
        database.operator("update touchline.match set phase = 'live' where id = '" + match + "'");
        reading.await(
                "the live phase",
                row -> row instanceof Document d
                        && d.match().equals(match)
                        && d.body().phase() != null);
        assertThat(reading.documents(match).stream().map(Document::rev)).containsExactly(1L, 2L);
    }

    @Test
    void aLargeDocumentIsWholeAlsoWhenLittleOfItChanged() throws Exception {
        database.operator(
                "insert into touchline.match (id, home, away) values ('" + match + "', 'a', 'b')",
                "insert into touchline.incident (match, type, side) select '" + match
                        + "', 'corner', 'home' from generate_series(1, 600)");
        assertThat(Integer.parseInt(database.one(
                        "select length(document::text) from touchline.match_document where match = '" + match + "'")))
                .isGreaterThan(42_000);
        database.operator("update touchline.match set score_home = 1 where id = '" + match + "'");
        database.superuser("select touchline.raise_generation()");
        database.operator("update touchline.match set score_home = 2 where id = '" + match + "'");
        reading.await(
                "four documents", row -> row instanceof Document d && d.match().equals(match) && d.rev() == 4);
        assertThat(reading.documents(match))
                .hasSize(4)
                .allSatisfy(document -> assertThat(document.body().incidents()).hasSize(600));
        assertThat(reading.documents(match).get(2).generation())
                .isEqualTo(reading.documents(match).get(1).generation() + 1);
    }

    @Test
    void linksAndUnlinksComeWithTheirTargets() throws Exception {
        database.operator("insert into touchline.match (id, home, away) values ('" + match + "', 'a', 'b')");
        String provider = "oddsapi:l" + made;
        database.operator("insert into touchline.link values ('" + provider + "', '" + match + "')");
        database.operator("delete from touchline.link where provider_match = '" + provider + "'");
        reading.await(
                "the unlink",
                row -> row instanceof LinkRow link && link.providerMatch().equals(provider) && link.match() == null);
        List<LinkRow> links = reading.seen().stream()
                .filter(LinkRow.class::isInstance)
                .map(LinkRow.class::cast)
                .filter(link -> link.providerMatch().equals(provider))
                .toList();
        assertThat(links).hasSize(2);
        assertThat(links.get(0)).satisfies(link -> {
            assertThat(link.match()).isEqualTo(match);
            assertThat(link.was()).isNull();
            assertThat(link.rev()).isEqualTo(1);
        });
        assertThat(links.get(1)).satisfies(link -> {
            assertThat(link.match()).isNull();
            assertThat(link.was()).isEqualTo(match);
            assertThat(link.rev()).isEqualTo(2);
        });
    }

    @Test
    void whatCannotBeReadIsRefusedAndTheNextRowComes() throws Exception {
        database.superuser("insert into touchline.match_document values ('" + match
                + "', 1, 1, now(), '{\"markets\":[{\"market\":\"h2h\",\"at\":1,\"prices\":{\"home\":0.5}}]}')");
        database.superuser(
                "update touchline.match_document set rev = 2, document = '{\"phase\":\"soon\"}' where match = '" + match
                        + "'");
        database.superuser(
                "update touchline.match_document set rev = 3, document = '{}' where match = '" + match + "'");
        reading.await(
                "the good one", row -> row instanceof Document d && d.match().equals(match));
        database.superuser("delete from touchline.match_document where match = '" + match + "'");
        reading.await(
                "the refusal of the deletion",
                row -> row instanceof Unusable u && u.refused().detail().contains("deleted by hand"));
        assertThat(reading.seen().stream()
                        .filter(Unusable.class::isInstance)
                        .map(row -> ((Unusable) row).refused().reason()))
                .containsExactly(Refusal.PRICE_OUT_OF_BOUNDS, Refusal.WRONG_TYPE, Refusal.MISSING_FIELD);
        assertThat(reading.documents(match).get(0).rev()).isEqualTo(3);
        assertThat(reading.seen().stream()
                        .filter(Unusable.class::isInstance)
                        .map(row -> ((Unusable) row).refused().match()))
                .containsOnly(match);
    }

    @Test
    void aLostSlotShowsAsAMissingRevision() throws Exception {
        database.operator("insert into touchline.match (id, home, away) values ('" + match + "', 'a', 'b')");
        reading.await("the match", row -> row instanceof Document d && d.match().equals(match));
        String savepoint = reading.stopWithSavepoint();
        database.dropSlot(SLOT);
        database.operator("update touchline.match set score_home = 1 where id = '" + match + "'");
        database.superuser("select pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
        reading.resume(savepoint);
        reading.awaitRunning();
        database.operator("update touchline.match set score_home = 2 where id = '" + match + "'");
        reading.await(
                "the second score",
                row -> row instanceof Document d && d.match().equals(match) && d.rev() > 1);
        assertThat(reading.documents(match).stream().map(Document::rev)).containsExactly(1L, 3L);
    }

    @Test
    void theSlotMovesWhileNobodyTouchesAMatch() throws Exception {
        String position = "select confirmed_flush_lsn from pg_replication_slots where slot_name = '" + SLOT + "'";
        String before = database.one(position);
        Await.until(
                "the slot to move",
                Duration.ofSeconds(30),
                () -> !query(position).equals(List.of(before)));
        try (Connection connection = database.connectAs("touchline_cdc")) {
            assertThat(SlotHealth.of(connection, SLOT)).hasValueSatisfying(health -> {
                assertThat(health.active()).isTrue();
                assertThat(health.walStatus()).isEqualTo("reserved");
                assertThat(health.leftBytes()).isPositive();
                assertThat(health.inDanger()).isFalse();
            });
            assertThat(SlotHealth.of(connection, "nobodys")).isEmpty();
        }
    }

    @Test
    void withoutHeartbeatsTheSlotOfAnIdleDatabaseStaysWhileOthersWrite() throws Exception {
        reading.close();
        database.dropSlot(SLOT);
        String position = "select confirmed_flush_lsn from pg_replication_slots where slot_name = '" + SLOT + "'";
        reading = Reading.startWithoutHeartbeats(flink, database.settings(SLOT));
        Await.until("the slot", Duration.ofSeconds(30), () -> !query(position).isEmpty());
        reading.awaitCheckpoints(10);
        String before = database.one(position);
        database.superuser(
                "create table others as select i, repeat('x', 1000) from generate_series(1, 5000) i",
                "drop table others");
        reading.awaitCheckpoints(20);
        assertThat(database.one(position)).isEqualTo(before);
        assertThat(reading.seen()).noneMatch(Captured::streamed);

        try (HeartbeatWriter writer = new HeartbeatWriter(database.settings(SLOT)).start()) {
            reading.awaitStreaming();
            Await.until(
                    "the slot to move",
                    Duration.ofSeconds(30),
                    () -> !query(position).equals(List.of(before)));
            assertThat(writer.written()).isPositive();
            assertThat(writer.slot()).isPresent();
        }
    }

    @Test
    void theHeartbeatWriterOutlivesALostConnection() throws Exception {
        database.query("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where application_name = 'touchline' and usename = 'touchline_cdc'");
        long terminated = reading.seen().stream().filter(Beat.class::isInstance).count();
        Await.until(
                "another heartbeat",
                Duration.ofSeconds(30),
                () -> reading.seen().stream().filter(Beat.class::isInstance).count() > terminated + 1);
    }

    @Test
    void rowLevelSecurityThatHidesRowsIsFoundBeforehand() throws Exception {
        database.superuser("alter table touchline.match_document enable row level security");
        try {
            DatabaseCheck.verify(database.settings(SLOT));
            database.superuser("alter role touchline_cdc nobypassrls");
            assertThatThrownBy(() -> DatabaseCheck.verify(database.settings(SLOT)))
                    .hasMessageContaining("row-level security hides rows from this role (documents ");
        } finally {
            database.superuser(
                    "alter role touchline_cdc bypassrls",
                    "alter table touchline.match_document disable row level security");
        }
    }

    @Test
    void whatElseIsWrongIsFoundBeforehand() throws Exception {
        database.superuser(
                "alter publication touchline add table touchline.match",
                "revoke update (at) on touchline.heartbeat from touchline_cdc");
        try {
            assertThatThrownBy(() -> DatabaseCheck.verify(database.settings(SLOT)))
                    .hasMessageContaining(
                            "publication touchline has the tables heartbeat,link_state,match,match_document")
                    .hasMessageContaining("may not update touchline.heartbeat");
        } finally {
            database.server().apply(OperatorsDatabase.shipped("roles.sql"));
            database.server().apply(OperatorsDatabase.shipped("publication.sql"));
        }
        DatabaseCheck.verify(database.settings(SLOT));
    }

    private static List<String> query(String sql) {
        try {
            return database.query(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
