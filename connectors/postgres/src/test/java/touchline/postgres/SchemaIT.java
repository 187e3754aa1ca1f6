package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import touchline.feed.Bounds;
import touchline.feed.FeedJson;
import touchline.feed.Fixture;
import touchline.feed.Incident;
import touchline.feed.ManualDocument;
import touchline.feed.Period;
import touchline.feed.Phase;

/** The shipped SQL, without any reader. */
class SchemaIT {

    private static OperatorsDatabase database;

    @BeforeAll
    static void start() {
        database = OperatorsDatabase.start();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void canBeAppliedAgain() throws Exception {
        String match = match("Reds", "Blues");
        for (String file : List.of("schema.sql", "roles.sql", "publication.sql")) {
            database.server().apply(OperatorsDatabase.shipped(file));
        }
        database.operator("update touchline.match set phase = 'live' where id = '" + match + "'");
        assertThat(rev(match)).isEqualTo(2);
    }

    @Test
    void anOlderDatabaseLearnsToRefuseControlCharacters() throws Exception {
        String match = match("Reds", "Blues");
        database.operator("insert into touchline.league values ('old', 'soccer', 'Old')");
        database.superuser(
                "alter table touchline.match drop constraint home_has_no_control_characters,"
                        + " drop constraint away_has_no_control_characters",
                "alter table touchline.league drop constraint title_has_no_control_characters",
                "update touchline.match set home = concat('a', chr(9)) where id = '" + match + "'");
        try {
            database.server().apply(OperatorsDatabase.shipped("schema.sql"));
            String where = " where id = '" + match + "'";
            assertThatThrownBy(() -> database.operator("update touchline.match set phase = 'live'" + where))
                    .hasMessageContaining("home_has_no_control_characters");
            database.operator("update touchline.match set home = 'Reds'" + where);
            assertThatThrownBy(() -> database.operator("update touchline.match set away = concat('a', chr(9))" + where))
                    .hasMessageContaining("away_has_no_control_characters");
            assertThatThrownBy(() -> database.operator(
                            "update touchline.league set title = concat('a', chr(9)) where id = 'old'"))
                    .hasMessageContaining("title_has_no_control_characters");
        } finally {
            database.operator("delete from touchline.match where id = '" + match + "'");
        }
    }

    @Test
    void aDocumentIsReadAsItWasWritten() throws Exception {
        String match = match("Reds", "Blues");
        database.operator(
                "insert into touchline.league values ('epl', 'soccer_epl', 'EPL')",
                "update touchline.match set league = 'epl', start = '2026-06-21 19:00Z', phase = 'live', period = 'first_half',"
                        + " score_home = 1, clock_seconds = 61, clock_running = true, clock_at = '2026-06-21 19:01:01.5Z'"
                        + " where id = '" + match + "'",
                "insert into touchline.selection values ('" + match + "', 'totals', 'over', 1.850)",
                "update touchline.market set line = 2.50 where match = '" + match + "'",
                "insert into touchline.selection values ('" + match + "', 'h2h', 'home', 2)",
                "insert into touchline.incident (match, id, type, side, state, at)" + " values ('" + match
                        + "', 'g1', 'goal', 'home', 'open', '2026-06-21 19:00:30Z')",
                "insert into touchline.command (match, market) values ('" + match + "', 'h2h'), ('" + match
                        + "', null)");

        ManualDocument document = document(match);

        assertThat(document.fixture()).isNotNull();
        assertThat(document.fixture().sport()).isEqualTo("soccer_epl");
        assertThat(document.fixture().league()).isEqualTo("EPL");
        assertThat(document.fixture().home()).isEqualTo("Reds");
        assertThat(document.fixture().away()).isEqualTo("Blues");
        assertThat(document.fixture().start()).isEqualTo(1_782_068_400_000L);
        assertThat(document.phase()).isEqualTo(Phase.LIVE);
        assertThat(document.period()).isEqualTo(Period.FIRST_HALF);
        assertThat(document.score()).isNotNull();
        assertThat(document.score().home()).isEqualTo(1);
        assertThat(document.score().away()).isZero();
        assertThat(document.score().at()).isPositive();
        assertThat(document.clock()).isNotNull();
        assertThat(document.clock().at()).isEqualTo(1_782_068_461_500L);
        assertThat(document.clock().seconds()).isEqualTo(61);
        assertThat(document.clock().running()).isTrue();
        assertThat(document.markets()).hasSize(2);
        assertThat(document.markets().get(0).market()).isEqualTo("h2h");
        assertThat(document.markets().get(0).prices()).containsEntry("home", 2000);
        assertThat(document.markets().get(1).line()).isEqualTo(2500);
        assertThat(document.markets().get(1).prices()).containsEntry("over", 1850);
        assertThat(document.incidents())
                .containsExactly(new Incident(
                        "g1", Incident.Type.GOAL, Incident.Side.HOME, Incident.State.OPEN, 1_782_068_430_000L));
        assertThat(document.suspend()).containsExactlyInAnyOrder("*", "h2h");
        assertThat(document.deleted()).isFalse();
    }

    @Test
    void aTransactionRaisesTheRevisionByOneWhateverItTouches() throws Exception {
        String match = match("Reds", "Blues");
        database.operator(
                "update touchline.match set score_home = 1 where id = '" + match + "'",
                "insert into touchline.incident (match, type) values ('" + match + "', 'goal')",
                "insert into touchline.selection values ('" + match + "', 'h2h', 'home', 1.5)",
                "insert into touchline.command (match) values ('" + match + "')");
        assertThat(rev(match)).isEqualTo(2);
    }

    @Test
    void aTransactionThatChangesNothingSaysNothing() throws Exception {
        String match = match("Reds", "Blues");
        database.operator("update touchline.match set home = 'Reds' where id = '" + match + "'");
        database.operator(
                "insert into touchline.command (match) values ('" + match + "')",
                "delete from touchline.command where match = '" + match + "'");
        assertThat(rev(match)).isEqualTo(1);
        database.operator(
                "insert into touchline.match (id, home, away) values ('manual:never', 'a', 'b')",
                "delete from touchline.match where id = 'manual:never'");
        assertThat(database.query("select 1 from touchline.match_document where match = 'manual:never'"))
                .isEmpty();
        assertThat(database.query("select 1 from touchline.match_dirty")).isEmpty();
    }

    @Test
    void aRolledBackTransactionSaysNothing() throws Exception {
        String match = match("Reds", "Blues");
        try (Connection connection = database.connectAs("touchline_operator");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("update touchline.match set score_home = 5 where id = '" + match + "'");
            connection.rollback();
            statement.execute("savepoint s");
            statement.execute("update touchline.match set score_home = 6 where id = '" + match + "'");
            statement.execute("rollback to s");
            statement.execute("update touchline.match set phase = 'live' where id = '" + match + "'");
            connection.commit();
        }
        assertThat(rev(match)).isEqualTo(2);
        assertThat(document(match).score()).isNull();
    }

    @Test
    void aDeletedMatchKeepsItsRowAndTakesItsCommandsWithIt() throws Exception {
        String match = match("Reds", "Blues");
        database.operator("insert into touchline.command (match) values ('" + match + "')");
        database.operator("delete from touchline.match where id = '" + match + "'");
        assertThat(document(match).deleted()).isTrue();
        assertThat(rev(match)).isEqualTo(3);
        assertThat(database.query("select 1 from touchline.command where match = '" + match + "'"))
                .isEmpty();
    }

    @Test
    void aProvidersMatchIsSuspendedAndReleasedWithoutARowOfItsOwn() throws Exception {
        database.operator("insert into touchline.command (match, market) values ('oddsapi:a1', 'h2h')");
        assertThat(document("oddsapi:a1").suspend()).containsExactly("h2h");
        database.operator(
                "insert into touchline.command (match, market, action) values ('oddsapi:a1', 'h2h', 'resume')");
        assertThat(document("oddsapi:a1").deleted()).isTrue();
    }

    @Test
    void withdrawingAnOverrideDoesNotLiftATradersSuspension() throws Exception {
        database.operator("insert into touchline.match (id, score_home, score_away) values ('oddsapi:a2', 1, 0)");
        database.operator("insert into touchline.command (match) values ('oddsapi:a2')");
        database.operator("delete from touchline.match where id = 'oddsapi:a2'");
        ManualDocument document = document("oddsapi:a2");
        assertThat(document.deleted()).isFalse();
        assertThat(document.score()).isNull();
        assertThat(document.suspend()).containsExactly("*");
    }

    @Test
    void resumingTheMatchLeavesAMarketThatWasSuspendedByName() throws Exception {
        String match = match("Reds", "Blues");
        database.operator("insert into touchline.command (match, market) values ('" + match + "', '*'), ('" + match
                + "', 'btts')");
        database.operator("insert into touchline.command (match, action) values ('" + match + "', 'resume')");
        assertThat(document(match).suspend()).containsExactly("btts");
        database.operator(
                "update touchline.command set released_at = now() where match = '" + match + "' and market = 'btts'");
        assertThat(document(match).suspend()).isEmpty();
    }

    @Test
    void writingTheSamePriceAgainConfirmsIt() throws Exception {
        String match = match("Reds", "Blues");
        database.operator("insert into touchline.selection values ('" + match + "', 'h2h', 'home', 2)");
        long set = document(match).markets().get(0).at();
        assertThat(set).isPositive();
        database.operator("update touchline.selection set price = price where match = '" + match + "'");
        assertThat(rev(match)).isEqualTo(3);
        assertThat(document(match).markets().get(0).at()).isGreaterThanOrEqualTo(set);
        assertThat(document(match).markets().get(0).prices()).containsEntry("home", 2000);
    }

    @Test
    void aLeaguesTitleReachesItsMatches() throws Exception {
        database.operator("insert into touchline.league values ('l1', 'soccer', 'One')");
        String match = match("Reds", "Blues");
        database.operator("update touchline.match set league = 'l1' where id = '" + match + "'");
        database.operator("update touchline.league set title = 'Two' where id = 'l1'");
        assertThat(document(match).fixture()).isEqualTo(new Fixture("soccer", "Two", "Reds", "Blues", null));
    }

    @Test
    void boundsAreThoseOfTheFeed() throws Exception {
        assertThat(Bounds.MIN_PRICE).isEqualTo(1_001);
        assertThat(Bounds.MAX_PRICE).isEqualTo(10_000_000);
        assertThat(Bounds.MAX_LINE).isEqualTo(1_000_000);
        assertThat(Bounds.LINE_STEP).isEqualTo(250);
        assertThat(Bounds.MAX_SCORE).isEqualTo(9_999);
        assertThat(Bounds.MAX_TEXT).isEqualTo(200);
        assertThat(Bounds.MAX_ITEMS).isEqualTo(5_000);
        String match = match("x".repeat(200), "y");
        database.operator(
                "insert into touchline.selection values ('" + match + "', 'h2h', 'home', 1.001), ('" + match
                        + "', 'h2h', 'away', 10000)",
                "insert into touchline.market values ('" + match + "', 'spreads', -1000), ('" + match
                        + "', 'totals:1.25', 1.25)",
                "update touchline.match set score_home = 9999, clock_seconds = 86400 where id = '" + match + "'");
        assertThat(document(match).markets()).hasSize(3);
    }

    @Test
    void anUnlinkedMatchStaysWithTheTargetItHad() throws Exception {
        String a = match("Reds", "Blues");
        String b = match("Reds", "Blues");
        database.operator("insert into touchline.link values ('oddsapi:u1', '" + a + "')");
        assertThat(link("oddsapi:u1")).isEqualTo(a + " was null rev 1");
        database.operator("update touchline.link set match = '" + b + "' where provider_match = 'oddsapi:u1'");
        assertThat(link("oddsapi:u1")).isEqualTo(b + " was " + a + " rev 2");
        database.operator("delete from touchline.link where provider_match = 'oddsapi:u1'");
        assertThat(link("oddsapi:u1")).isEqualTo("null was " + b + " rev 3");
        database.operator(
                "insert into touchline.link values ('oddsapi:u1', '" + b + "')",
                "delete from touchline.link where provider_match = 'oddsapi:u1'");
        assertThat(link("oddsapi:u1")).isEqualTo("null was " + b + " rev 3");
        database.operator("insert into touchline.link values ('oddsapi:u1', '" + a + "')");
        database.operator("delete from touchline.match where id = '" + a + "'");
        assertThat(link("oddsapi:u1")).isEqualTo("null was " + a + " rev 5");
    }

    @Test
    void raisingTheGenerationSaysEverythingAgain() throws Exception {
        String match = match("Reds", "Blues");
        String deleted = match("Reds", "Blues");
        database.operator("delete from touchline.match where id = '" + deleted + "'");
        long generation = Long.parseLong(database.one("select generation from touchline.lineage"));
        database.superuser("select touchline.raise_generation(" + (generation + 6) + ")");
        assertThat(database.query("select distinct generation from touchline.match_document"))
                .containsExactly(Long.toString(generation + 6));
        assertThat(rev(match)).isEqualTo(2);
        assertThat(document(deleted).deleted()).isTrue();
        database.operator("update touchline.match set phase = 'live' where id = '" + match + "'");
        assertThat(database.one(
                        "select generation || '/' || rev from touchline.match_document where match = '" + match + "'"))
                .isEqualTo((generation + 6) + "/3");
    }

    @Test
    void transactionsThatMeetInOppositeOrdersDoNotDeadlock() throws Exception {
        List<String> matches = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            matches.add(match("Reds", "Blues"));
        }
        int writers = 6;
        int transactions = 60;
        CyclicBarrier together = new CyclicBarrier(writers);
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        List<Future<?>> done = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            Random random = new Random(writer);
            done.add(pool.submit(() -> {
                try (Connection connection = database.connectAs("touchline_operator");
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    for (int i = 0; i < transactions; i++) {
                        together.await(60, TimeUnit.SECONDS);
                        List<String> some = new ArrayList<>(matches);
                        java.util.Collections.shuffle(some, random);
                        for (String match : some.subList(0, 6)) {
                            statement.execute(
                                    "insert into touchline.incident (match, type) values ('" + match + "', 'corner')");
                        }
                        connection.commit();
                    }
                }
                return null;
            }));
        }
        pool.shutdown();
        for (Future<?> one : done) {
            one.get(120, TimeUnit.SECONDS);
        }
        // Nothing was overwritten: every document holds every incident, and every transaction of a match counted.
        String in = "('" + String.join("','", matches) + "')";
        assertThat(database.one(
                        "select sum(jsonb_array_length(document -> 'incidents')) from touchline.match_document where match in "
                                + in))
                .isEqualTo(Integer.toString(writers * transactions * 6));
        assertThat(database.one("select sum(rev - 1) from touchline.match_document where match in " + in))
                .isEqualTo(Integer.toString(writers * transactions * 6));
    }

    @Test
    void aTransactionMayTouchMoreMatchesThanTheServerHasLocks() throws Exception {
        database.operator("insert into touchline.match (id, home, away)"
                + " select 'manual:bulk' || i, 'a', 'b' from generate_series(1, 20000) i");
        assertThat(database.one(
                        "select count(*) from touchline.match_document where match like 'manual:bulk%' and rev = 1"))
                .isEqualTo("20000");
        database.operator("delete from touchline.match where id like 'manual:bulk%'");
    }

    @Test
    void aStricterIsolationFailsRatherThanForgets() throws Exception {
        String match = match("Reds", "Blues");
        try (Connection late = database.connectAs("touchline_operator");
                Statement statement = late.createStatement()) {
            late.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            late.setAutoCommit(false);
            statement.execute("select 1 from touchline.match");
            database.operator("insert into touchline.command (match, market) values ('" + match + "', 'h2h')");
            statement.execute("insert into touchline.command (match, market) values ('" + match + "', 'btts')");
            assertThatThrownBy(late::commit)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("could not serialize");
        }
        assertThat(document(match).suspend()).containsExactly("h2h");
    }

    private static String match(String home, String away) throws SQLException {
        try (Connection connection = database.connectAs("touchline_operator");
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("insert into touchline.match (home, away) values ('" + home + "', '"
                        + away + "') returning id")) {
            row.next();
            return row.getString(1);
        }
    }

    private static long rev(String match) throws SQLException {
        return Long.parseLong(database.one("select rev from touchline.match_document where match = '" + match + "'"));
    }

    private static ManualDocument document(String match) throws Exception {
        return FeedJson.readManual(
                database.one("select document from touchline.match_document where match = '" + match + "'"));
    }

    private static String link(String provider) throws SQLException {
        return database.one("select coalesce(match, 'null') || ' was ' || coalesce(was, 'null') || ' rev ' || rev"
                + " from touchline.link_state where provider_match = '" + provider + "'");
    }
}
