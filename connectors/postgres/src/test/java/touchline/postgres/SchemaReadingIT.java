package touchline.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import touchline.feed.Bounds;
import touchline.feed.FeedJson;
import touchline.feed.RefusedException;
import touchline.postgres.Captured.Document;

/** Whatever the shipped SQL lets operators say can be read. */
class SchemaReadingIT {

    private static final String MATCH = "manual:any";
    private static final int[] CHARACTERS = {
        'a', 'Z', '1', ' ', '"', '\\', '/', '\t', 0x7f, 0x85, 0xa0, 0xe9, 0x1680, 0x2003, 0x2007, 0x2028, 0x3000,
        0x6771, 0xfeff, 0xffff, 0x1f600, 0x10ffff
    };

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
    void everyDocumentThatIsCommittedIsRead() throws Exception {
        database.operator("insert into touchline.match (id, home, away) values ('" + MATCH + "', 'a', 'b')");
        Random random = new Random(20_260);
        int committed = 0;
        int refused = 0;
        try (Connection operator = database.connectAs("touchline_operator")) {
            operator.setAutoCommit(false);
            for (int i = 0; i < 3_000; i++) {
                try {
                    say(operator, random);
                    operator.commit();
                    committed++;
                } catch (SQLException e) {
                    operator.rollback();
                    refused++;
                    continue;
                }
                isRead(operator);
            }
        }
        assertThat(committed).isGreaterThan(300);
        assertThat(refused).isGreaterThan(300);
    }

    @Test
    void theLargestDocumentThatIsCommittedTravelsThroughTheFlow() throws Exception {
        database.operator("insert into touchline.match (id, home, away) values ('manual:large', 'a', 'b')");
        int markets = 1;
        for (int step = 64; step > 0; step /= 2) {
            while (markets < 1_000 && fits(markets + step)) {
                markets += step;
            }
        }
        String json = database.one("select document from touchline.match_document where match = 'manual:large'");
        assertThat(json.getBytes(UTF_8).length).isBetween(490_000, 500_000);
        isRead("manual:large", json);
    }

    /** So many markets of 40 outcomes, or as many as there were. */
    private static boolean fits(int markets) throws SQLException {
        try {
            database.operator(
                    "delete from touchline.market where match = 'manual:large'",
                    "insert into touchline.selection select 'manual:large', repeat('m', 50) || m, repeat('o', 50) || o, 1.001"
                            + " from generate_series(1, " + markets + ") m, generate_series(1, 40) o");
            return true;
        } catch (SQLException e) {
            assertThat(e.getMessage()).contains("at most 500000 are read");
            return false;
        }
    }

    private static void isRead(Connection connection) throws SQLException, RefusedException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select document from touchline.match_document where match = '" + MATCH + "'")) {
            assertThat(rows.next()).isTrue();
            isRead(MATCH, rows.getString(1));
        }
        connection.commit();
    }

    private static void isRead(String match, String json) throws RefusedException {
        Document document = new Document(Bounds.matchId(match), 1, 1, 1, FeedJson.readManual(json), true);
        assertThat(CapturedCodec.read(CapturedCodec.write(document))).isEqualTo(document);
    }

    private static void say(Connection operator, Random random) throws SQLException {
        switch (random.nextInt(9)) {
            case 0 -> set(operator, "home", text(random));
            case 1 -> set(operator, "away", text(random));
            case 2 -> league(operator, text(random));
            case 3 -> {
                String[] columns = {
                    "start = " + time(random),
                    "score_home = " + number(random, 9_999) + ", score_away = 1",
                    "score_at = " + time(random),
                    "score_home = null, score_away = null",
                    "clock_seconds = " + number(random, 86_400),
                    "clock_at = " + time(random),
                    "clock_running = " + (random.nextBoolean() ? "null" : "true"),
                    "phase = " + pick(random, "null", "'live'", "'ended'", "'over'"),
                    "period = " + pick(random, "null", "'half_time'", "'penalties'", "'halftime'"),
                    "sport = " + pick(random, "null", "'soccer_epl'", "'Soccer'", "repeat('s', 60)", "repeat('s', 61)")
                };
                run(operator, "update touchline.match set " + pick(random, columns) + " where id = '" + MATCH + "'");
            }
            case 4, 5 ->
                run(
                        operator,
                        "insert into touchline.selection (match, market, outcome, price, at) values ('" + MATCH + "', "
                                + market(random) + ", " + outcome(random) + ", " + price(random) + ", "
                                + pick(random, "now()", "now()", time(random))
                                + ") on conflict (match, market, outcome) do update set price = excluded.price");
            case 6 ->
                run(
                        operator,
                        "insert into touchline.market (match, market, line) values ('" + MATCH + "', " + market(random)
                                + ", " + pick(random, "null", "2.5", "-0.250", "1000", "1000.25", "0.1", "'NaN'", "1e2")
                                + ") on conflict (match, market) do update set line = excluded.line");
            case 7 ->
                run(
                        operator,
                        "insert into touchline.incident (match, id, type, side, state, at) values ('" + MATCH + "', "
                                + pick(random, "'i1'", "'i2'", "'I'", "repeat('i', 60)", "repeat('i', 61)", "''") + ", "
                                + pick(random, "'goal'", "'var'", "'fight'") + ", "
                                + pick(random, "null", "'home'", "'x'")
                                + ", " + pick(random, "'open'", "'confirmed'", "'done'") + ", "
                                + pick(random, "now()", time(random))
                                + ") on conflict (match, id) do update set at = excluded.at");
            default ->
                run(
                        operator,
                        "insert into touchline.command (match, market) values ('" + MATCH + "', "
                                + pick(random, "'*'", "null", market(random)) + ")");
        }
    }

    private static void league(Connection operator, String title) throws SQLException {
        try (PreparedStatement insert = operator.prepareStatement(
                "insert into touchline.league values ('any', 'soccer', ?) on conflict (id) do update set title = excluded.title")) {
            insert.setString(1, title);
            insert.execute();
        }
        run(operator, "update touchline.match set league = 'any' where id = '" + MATCH + "'");
    }

    private static void set(Connection operator, String column, String text) throws SQLException {
        try (PreparedStatement update =
                operator.prepareStatement("update touchline.match set " + column + " = ? where id = '" + MATCH + "'")) {
            update.setString(1, text);
            update.execute();
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(4) == 0 ? 98 + random.nextInt(106) : random.nextInt(5);
        // Most texts have no character that is refused anywhere.
        boolean wild = random.nextInt(3) == 0;
        while (text.length() < length) {
            int c = CHARACTERS[random.nextInt(CHARACTERS.length)];
            text.appendCodePoint(wild || !Character.isISOControl(c) ? c : 'b');
        }
        return text.toString();
    }

    private static String market(Random random) {
        return pick(
                random,
                "'h2h'",
                "'totals'",
                "'totals:3.5'",
                "'totals:-12345'",
                "'a:1.123'",
                "'other'",
                "repeat('m', 60)",
                "repeat('m', 61)",
                "repeat('m', 60) || ':-1000.25'",
                "'H2H'",
                "''");
    }

    private static String outcome(Random random) {
        return pick(
                random,
                "'home'",
                "'draw'",
                "'over'",
                "'x'",
                "repeat('o', 60)",
                "repeat('o', 61)",
                "'o" + random.nextInt(60) + "'");
    }

    private static String price(Random random) {
        return pick(random, "1.001", "1.0010000", "10000", "10000.001", "1.85", "2e3", "1", "'NaN'", "1.2345", "0.5");
    }

    private static String time(Random random) {
        return pick(
                random,
                "null",
                "'1970-01-01Z'",
                "'1969-12-31 23:59:59.999Z'",
                "'2199-12-31 23:59:59.999999Z'",
                "'2200-01-01Z'",
                "'infinity'",
                "'2026-06-21 19:00:00.123456Z'");
    }

    private static String number(Random random, int most) {
        return pick(random, "0", "-1", Integer.toString(most), Integer.toString(most + 1));
    }

    private static String pick(Random random, String... values) {
        return values[random.nextInt(values.length)];
    }

    private static void run(Connection operator, String sql) throws SQLException {
        try (Statement statement = operator.createStatement()) {
            statement.execute(sql);
        }
    }
}
