package touchline.oddsapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import touchline.sandbox.FakeOddsFeed;
import touchline.sandbox.OddsApiServer;
import touchline.sandbox.OddsFault;

/** A sport's odds by SQL, without any job of ours, against the stand-in of the vendor. */
@SuppressWarnings({"NullAway.Init", "try"})
class OddsTableIT {

    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);

    @TempDir
    private Path directory;

    private final FakeOddsFeed feed = new FakeOddsFeed();
    private OddsApiServer vendor;

    @BeforeEach
    void start() {
        feed.odds("soccer_epl", epl("2.05"));
        feed.odds("soccer_spain_la_liga", """
                [{"id":"%s","sport_key":"soccer_spain_la_liga","sport_title":"La Liga",
                "commence_time":"2025-06-21T19:00:00Z","home_team":"Lynx","away_team":"Toros","bookmakers":[{"key":"matchbook",
                "last_update":"2025-06-20T18:59:00Z","markets":[{"key":"spreads","outcomes":[
                {"name":"Lynx","price":1.9,"point":-0.5},{"name":"Toros","price":1.95,"point":0.5}]}]}]}]""".formatted(B));
        vendor = OddsApiServer.start(0, feed);
    }

    @AfterEach
    void stop() {
        vendor.close();
    }

    @Test
    void aBatchQueryReadsOnePollOfEverySport() throws Exception {
        TableEnvironment sql = sql(EnvironmentSettings.inBatchMode());

        List<String> rows = rows(sql, """
                SELECT match_id, sport, league, home_team, away_team, bookmaker, market, outcome, price, `point`,
                  commence_time < poll_time, last_update <= poll_time, next_ms > 0 FROM odds""");

        assertThat(rows)
                .containsExactlyInAnyOrder(
                        "+I[oddsapi:" + A
                                + ", soccer_epl, EPL, Bears, Lions, pinnacle, h2h, home, 2.050, null, true, true, true]",
                        "+I[oddsapi:" + A
                                + ", soccer_epl, EPL, Bears, Lions, pinnacle, h2h, draw, 3.500, null, true, true, true]",
                        "+I[oddsapi:" + A
                                + ", soccer_epl, EPL, Bears, Lions, pinnacle, h2h, away, 1.900, null, true, true, true]",
                        "+I[oddsapi:" + B
                                + ", soccer_spain_la_liga, La Liga, Lynx, Toros, matchbook, spreads, home, 1.900, -0.500, true, true, true]",
                        "+I[oddsapi:" + B
                                + ", soccer_spain_la_liga, La Liga, Lynx, Toros, matchbook, spreads, away, 1.950, 0.500, true, true, true]");
        assertThat(vendor.calls())
                .extracting(OddsApiServer.Call::path)
                .as("one call a sport, none for scores")
                .containsExactlyInAnyOrder("/v4/sports/soccer_epl/odds", "/v4/sports/soccer_spain_la_liga/odds");
        assertThat(vendor.creditsUsed()).isEqualTo(6);
    }

    @Test
    void whatAQueryFiltersIsNotAskedForAndCostsNothing() throws Exception {
        TableEnvironment sql = sql(EnvironmentSettings.inBatchMode());

        assertThat(rows(
                        sql,
                        "SELECT outcome, price FROM odds WHERE sport = 'soccer_epl' AND market IN ('h2h', 'btts')"))
                .containsExactlyInAnyOrder("+I[home, 2.050]", "+I[draw, 3.500]", "+I[away, 1.900]");
        assertThat(vendor.calls()).singleElement().satisfies(call -> {
            assertThat(call.path()).isEqualTo("/v4/sports/soccer_epl/odds");
            assertThat(call.query()).containsEntry("markets", "h2h").containsEntry("regions", "eu");
        });
        assertThat(vendor.creditsUsed()).isEqualTo(1);

        assertThat(rows(sql, "SELECT price FROM odds WHERE sport = 'rugby'")).isEmpty();
        assertThat(vendor.creditsUsed()).as("nobody was asked").isEqualTo(1);

        assertThat(
                        rows(
                                sql,
                                "SELECT DISTINCT bookmaker FROM odds /*+ OPTIONS('regions' = 'eu,uk') */ WHERE sport = 'soccer_epl'"))
                .containsExactly("+I[pinnacle]");
        assertThat(vendor.calls().get(1).query()).containsEntry("regions", "eu,uk");
    }

    @Test
    void aStreamingQueryReadsPollAfterPoll() throws Exception {
        TableEnvironment sql = sql(EnvironmentSettings.inStreamingMode());
        List<Row> rows = new ArrayList<>();

        try (CloseableIterator<Row> polls = sql.executeSql(
                        "SELECT price, poll_time FROM odds WHERE sport = 'soccer_epl' AND outcome = 'home'")
                .collect()) {
            rows.add(polls.next());
            feed.odds("soccer_epl", epl("2.1"));
            do {
                rows.add(polls.next());
            } while (!String.valueOf(rows.get(rows.size() - 1).getField(0)).equals("2.100"));
        }

        assertThat(rows.get(0).getField(0)).hasToString("2.050");
        assertThat(vendor.calls())
                .extracting(OddsApiServer.Call::path)
                .as("a watermark does not stop the filter")
                .containsOnly("/v4/sports/soccer_epl/odds");
        assertThat(rows).extracting(row -> String.valueOf(row.getField(1))).isSorted();
    }

    @Test
    void onceEndsAStreamingQuery() throws Exception {
        TableEnvironment sql = sql(EnvironmentSettings.inStreamingMode());

        assertThat(
                        rows(
                                sql,
                                "SELECT count(*) FROM odds /*+ OPTIONS('once' = 'true') */ WHERE sport = 'soccer_epl' GROUP BY bookmaker"))
                .last()
                .isEqualTo("+U[3]");
    }

    @Test
    void aQueryFailsWithTheVendorsWordsWhereOnlyAPersonCanHelp() throws Exception {
        TableEnvironment sql = sql(EnvironmentSettings.inBatchMode());
        vendor.fault(OddsFault.status(401, "INVALID_KEY", 1));

        assertThatThrownBy(() -> rows(sql, "SELECT price FROM odds WHERE sport = 'soccer_epl'"))
                .rootCause()
                .hasMessageContaining("oddsapi/odds/soccer_epl: status=401 code=INVALID_KEY")
                .hasMessageNotContaining(vendor.apiKey());
    }

    private TableEnvironment sql(EnvironmentSettings settings) throws IOException {
        Path key = Files.writeString(directory.resolve("key"), vendor.apiKey());
        TableEnvironment sql = TableEnvironment.create(EnvironmentSettings.newInstance()
                .withConfiguration(configuration(settings))
                .build());
        sql.executeSql("""
                CREATE TABLE odds (
                  match_id STRING, sport STRING, league STRING, commence_time TIMESTAMP_LTZ(3), home_team STRING,
                  away_team STRING, bookmaker STRING, market STRING, outcome STRING, price DECIMAL(10, 3),
                  `point` DECIMAL(10, 3), last_update TIMESTAMP_LTZ(3),
                  poll_time TIMESTAMP_LTZ(3) METADATA VIRTUAL, next_ms BIGINT METADATA VIRTUAL,
                  WATERMARK FOR poll_time AS poll_time - INTERVAL '1' SECOND
                ) WITH (
                  'connector' = 'odds-api', 'baseUrl' = '%s', 'apiKey' = 'file:%s',
                  'sports' = 'soccer_epl,soccer_spain_la_liga', 'livePollMs' = '50', 'upcomingPollMs' = '50'
                )""".formatted(vendor.url(), key));
        return sql;
    }

    /** By a bookmaker of region eu. */
    private static String epl(String price) {
        return "["
                + FakeOddsApi.event(A, "2025-06-20T19:00:00Z", price).replace("\"key\":\"a\"", "\"key\":\"pinnacle\"")
                + "]";
    }

    private static Configuration configuration(EnvironmentSettings settings) {
        Configuration configuration = new Configuration();
        configuration.addAll(settings.getConfiguration());
        configuration.setString("parallelism.default", "2");
        configuration.setString("pipeline.generic-types", "false");
        return configuration;
    }

    private static List<String> rows(TableEnvironment sql, String query) throws Exception {
        List<String> rows = new ArrayList<>();
        try (CloseableIterator<Row> iterator = sql.executeSql(query).collect()) {
            iterator.forEachRemaining(row -> rows.add(row.toString()));
        }
        return rows;
    }
}
