package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogDescriptor;
import org.apache.flink.table.catalog.ObjectPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TouchlineCatalogTest {

    private static final Map<String, String> SETTINGS = Map.of("kafka.bootstrap", "127.0.0.1:1");

    private final TableEnvironment environment =
            environment(EnvironmentSettings.newInstance().inStreamingMode().build());

    private static TableEnvironment environment(EnvironmentSettings settings) {
        return environment(settings, SETTINGS);
    }

    private static TableEnvironment environment(EnvironmentSettings settings, Map<String, String> catalog) {
        TableEnvironment environment = TableEnvironment.create(settings);
        Map<String, String> options = new TreeMap<>(catalog);
        options.put("type", "touchline");
        environment.createCatalog("touchline", CatalogDescriptor.of("touchline", Configuration.fromMap(options)));
        environment.useCatalog("touchline");
        return environment;
    }

    @Test
    void offersEveryTableOfItsFile() {
        assertThat(environment.listTables())
                .contains(
                        "feed",
                        "updates",
                        "quotes",
                        "prices",
                        "markets",
                        "matches",
                        "scores",
                        "incidents",
                        "suspensions",
                        "feed_health",
                        "manual_documents",
                        "rejected");
    }

    @Test
    void whatAFileSaysOfKafkaGoesToTheClientAndStandsInNoTable(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("client.properties");
        Files.writeString(file, "security.protocol=SSL\nssl.truststore.password=hidden\nbootstrap.servers=other:1\n");
        assertThat(TouchlineTableFactory.client(
                        file.toString(), Map.of("properties.bootstrap.servers", "own:1", "topic", "t")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "security.protocol", "SSL", "ssl.truststore.password", "hidden", "bootstrap.servers", "own:1"));

        TableEnvironment secured = environment(
                EnvironmentSettings.newInstance().inStreamingMode().build(),
                Map.of("kafka.bootstrap", "127.0.0.1:1", "kafka.clientProperties", file.toString()));
        assertThat(secured.explainSql("SELECT match_id FROM feed")).doesNotContain("hidden");
        Files.delete(file);
        assertThatThrownBy(() -> secured.explainSql("SELECT match_id FROM feed"))
                .hasStackTraceContaining("'client-properties' = '" + file + "' cannot be read");
    }

    @Test
    void everyColumnOfATableHasAComment() throws Exception {
        TouchlineCatalog catalog = new TouchlineCatalog("touchline", SETTINGS);
        catalog.open();
        for (String name : catalog.listTables(TouchlineCatalog.DATABASE)) {
            CatalogBaseTable table = catalog.getTable(new ObjectPath(TouchlineCatalog.DATABASE, name));
            assertThat(table.getComment()).as(name).isNotBlank();
            if (table.getTableKind() == CatalogBaseTable.TableKind.TABLE) {
                for (Schema.UnresolvedColumn column :
                        table.getUnresolvedSchema().getColumns()) {
                    assertThat(column.getComment())
                            .as(name + "." + column.getName())
                            .isPresent();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE prices",
                "CREATE TABLE mine (a INT) WITH ('connector' = 'datagen')",
                "CREATE VIEW mine AS SELECT match_id FROM prices",
                "ALTER TABLE prices RENAME TO other",
                "ALTER TABLE prices SET ('topic' = 'other')",
                "CREATE FUNCTION f AS 'touchline.sql.F'",
                "CREATE DATABASE other"
            })
    void nothingCanBeMadeChangedOrDropped(String statement) {
        assertThatThrownBy(() -> environment.executeSql(statement))
                .hasStackTraceContaining("catalog touchline is read-only")
                .hasStackTraceContaining("USE CATALOG default_catalog");
    }

    @Test
    void theDatabaseCannotBeDropped() {
        assertThatThrownBy(() -> environment.executeSql("DROP DATABASE touchline.live CASCADE"))
                .isInstanceOf(Exception.class);
        assertThat(environment.listTables()).contains("prices");
    }

    @ParameterizedTest
    @ValueSource(strings = {"feed", "prices", "quotes"})
    void nothingCanBeWritten(String table) {
        assertThatThrownBy(() -> environment.explainSql("INSERT INTO " + table + " SELECT * FROM " + table))
                .hasStackTraceContaining("are only read");
    }

    @Test
    void aTableOfOnesOwnCanBeMadeBesideIt() {
        environment.executeSql(
                "CREATE TABLE default_catalog.default_database.mine (a STRING) WITH ('connector' = 'blackhole')");
        environment.executeSql("CREATE TEMPORARY VIEW goals AS SELECT match_id FROM incidents WHERE type = 'goal'");
        assertThat(environment.explainSql(
                        "INSERT INTO default_catalog.default_database.mine SELECT match_id FROM goals"))
                .contains("incidents");
    }

    @Test
    void aSettingThatItNeedsIsNamed() {
        assertThatThrownBy(() -> new TouchlineCatalog("touchline", Map.of("kafka.feedTopic", "f")).open())
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("kafka.bootstrap");
    }

    @Test
    void aSettingCannotEndItsText() {
        assertThat(CatalogText.filled(
                        "'${kafka.bootstrap}' '${kafka.feedTopic:feed}'", Map.of("kafka.bootstrap", "a'b")))
                .isEqualTo("'a''b' 'feed'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT market, AVG(price) FROM prices GROUP BY market",
                "SELECT u.match_id, p.price FROM (SELECT match_id, log_time, market, outcome FROM updates"
                        + " CROSS JOIN UNNEST(ARRAY[ROW('h2h', 'home')]) AS o (market, outcome)) AS u"
                        + " JOIN prices FOR SYSTEM_TIME AS OF u.log_time AS p"
                        + " ON p.match_id = u.match_id AND p.market = u.market AND p.outcome = u.outcome",
                "SELECT f.match_id, t.title FROM (SELECT match_id, fixture.home AS home, PROCTIME() AS proc FROM feed) AS f"
                        + " JOIN teams FOR SYSTEM_TIME AS OF f.proc AS t ON t.team = f.home",
                "SELECT l.title FROM (SELECT match_id, PROCTIME() AS proc FROM feed) AS f"
                        + " JOIN leagues FOR SYSTEM_TIME AS OF f.proc AS l ON l.id = f.match_id",
                "SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE feed, DESCRIPTOR(log_time), INTERVAL '1' MINUTE))"
                        + " GROUP BY window_start, window_end",
                "SELECT q.match_id, outcome, MAX(price) FROM quotes AS q CROSS JOIN UNNEST(q.prices) AS t (outcome, price)"
                        + " GROUP BY q.match_id, outcome"
            })
    void isPlanned(String query) {
        assertThat(environment.explainSql(query)).isNotBlank();
    }

    @Test
    void aTableInBatchIsWhatHoldsAtTheEnd() {
        TableEnvironment batch =
                environment(EnvironmentSettings.newInstance().inBatchMode().build());
        for (String table : List.of("prices", "quotes", "suspensions", "updates", "feed")) {
            assertThat(batch.explainSql("SELECT COUNT(*) FROM " + table)).isNotBlank();
        }
    }

    @Test
    void aDeclarationWithAnotherColumnIsRefused() {
        environment.executeSql(
                "CREATE TEMPORARY TABLE wrong (match_id STRING, colour STRING) WITH ('connector' = 'touchline',"
                        + " 'table' = 'feed_health', 'topic' = 'updates', 'properties.bootstrap.servers' = '127.0.0.1:1')");
        assertThatThrownBy(() -> environment.explainSql("SELECT * FROM wrong"))
                .hasStackTraceContaining("has no column colour; its columns are [match_id, feed, pos, log_time]");
    }
}
