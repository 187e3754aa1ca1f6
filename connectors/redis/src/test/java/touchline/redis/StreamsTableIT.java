package touchline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import touchline.sandbox.Await;
import touchline.sandbox.RedisCluster;
import touchline.sandbox.RedisServer;

/** Streams as tables, by SQL alone, in a real Redis. */
@SuppressWarnings({"NullAway.Init", "try"})
class StreamsTableIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicBoolean TRIP = new AtomicBoolean();

    @TempDir
    private Path directory;

    private RedisServer server;
    private RedisClient client;
    private RedisCommands<String, String> redis;

    @BeforeEach
    void start() {
        server = RedisServer.start(0);
        client = RedisClient.create(server.uri());
        redis = client.connect().sync();
        TRIP.set(false);
    }

    @AfterEach
    void stop() {
        client.shutdown();
        server.close();
    }

    @Test
    void rowsAreAppendedToAStreamAndReadBack() throws Exception {
        TableEnvironment sql = sql(EnvironmentSettings.inBatchMode());
        sql.executeSql(table("moves", "market STRING, price DECIMAL(9, 3)", ""));
        sql.executeSql("INSERT INTO moves VALUES ('h2h', 1.85), ('totals', 2)").await();

        assertThat(entries("moves"))
                .extracting(StreamMessage::getBody)
                .containsExactlyInAnyOrder(
                        Map.of("value", "{\"market\":\"h2h\",\"price\":1.85}"),
                        Map.of("value", "{\"market\":\"totals\",\"price\":2}"));
        sql.executeSql(table("seen", """
                price DECIMAL(9, 3), market STRING, entry_id STRING METADATA VIRTUAL, stream_key STRING METADATA VIRTUAL,
                entry_time TIMESTAMP_LTZ(3) METADATA VIRTUAL, fields MAP<STRING, STRING> METADATA VIRTUAL""", ", 'stream' = 'moves'"));
        assertThat(rows(sql, """
                SELECT market, stream_key, fields['value'], CHAR_LENGTH(entry_id) > 3, entry_time <= CURRENT_TIMESTAMP FROM seen
                WHERE market = 'h2h'""")).containsExactly("+I[h2h, moves, {\"market\":\"h2h\",\"price\":1.85}, true, true]");
        assertThat(rows(sql, "SELECT count(*) FROM seen")).containsExactly("+I[2]");
    }

    @Test
    void readingBeginsAtATimeOrBehindAnEntryAndEndsAtTheLast() throws Exception {
        redis.xadd("ticks", new XAddArgs().id("1000-0"), Map.of("value", "{\"n\":1}"));
        redis.xadd("ticks", new XAddArgs().id("2000-0"), Map.of("value", "{\"n\":2}"));
        redis.xadd("tocks", new XAddArgs().id("3000-0"), Map.of("value", "{\"n\":3}"));
        TableEnvironment sql = sql(EnvironmentSettings.inStreamingMode());
        sql.executeSql(table("ticks", "n INT", ", 'stream' = 'ticks,tocks,none', 'bounded' = 'true'"));

        assertThat(rows(sql, "SELECT n FROM ticks")).containsExactlyInAnyOrder("+I[1]", "+I[2]", "+I[3]");
        assertThat(rows(sql, "SELECT n FROM ticks /*+ OPTIONS('from' = '1000-0') */"))
                .containsExactlyInAnyOrder("+I[2]", "+I[3]");
        assertThat(rows(sql, "SELECT n FROM ticks /*+ OPTIONS('from' = '1970-01-01T00:00:02Z') */"))
                .containsExactlyInAnyOrder("+I[2]", "+I[3]");
        assertThat(rows(sql, "SELECT n FROM ticks /*+ OPTIONS('from' = 'latest') */"))
                .isEmpty();
    }

    @Test
    void aStreamThatIsReadAheadMakesNothingOfAnotherLate() throws Exception {
        for (int second = 0; second < 100; second++) {
            redis.xadd("ahead", new XAddArgs().id((3_600 + second) * 1_000 + "-0"), Map.of("value", "{\"n\":1}"));
            redis.xadd("behind", new XAddArgs().id((1 + second) * 1_000 + "-0"), Map.of("value", "{\"n\":1}"));
        }
        TableEnvironment sql = sql(EnvironmentSettings.inStreamingMode());
        sql.executeSql(
                table(
                        "pairs",
                        """
                n INT, entry_time TIMESTAMP_LTZ(3) METADATA VIRTUAL, WATERMARK FOR entry_time AS entry_time""",
                        ", 'stream' = 'ahead,behind', 'bounded' = 'true', 'readMax' = '10', 'scan.watermark.emit.strategy' = 'on-event'"));
        sql.getConfig().set("parallelism.default", "1");

        List<String> counts = rows(
                sql,
                "SELECT CAST(SUM(n) AS INT) FROM TABLE(TUMBLE(TABLE pairs, DESCRIPTOR(entry_time), INTERVAL '50' SECOND))"
                        + " GROUP BY window_start, window_end");

        assertThat(counts.stream()
                        .mapToInt(row -> Integer.parseInt(row.replaceAll("[^0-9]", "")))
                        .sum())
                .isEqualTo(200);
    }

    @Test
    void streamsOfAClusterAreWrittenAndReadWhereverTheyAre() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(3, 0)) {
            String uri = ", 'uri' = 'redis-cluster://" + cluster.uris().replace("redis://", "") + "'";
            TableEnvironment sql = sql(EnvironmentSettings.inStreamingMode());
            for (String stream : List.of("a", "b", "c", "d")) {
                sql.executeSql(keyed(stream, ", 'stream' = '{" + stream + "}'" + uri));
                sql.executeSql("INSERT INTO " + stream + " VALUES ('k', 1), ('l', 2)")
                        .await();
            }

            sql.executeSql(table("everything", "n INT", ", 'stream' = '{a},{b},{c},{d}', 'bounded' = 'true'" + uri));
            assertThat(rows(sql, "SELECT SUM(n) FROM everything")).last().isEqualTo("+U[12]");
        }
    }

    @Test
    void changesAndDeletionsOfARowReachTheHashAndTheStream() throws Exception {
        set("offers", "a", 2);
        set("offers", "b", 5);
        set("offers", "a", 3);
        set("offers", "b", 9);
        TableEnvironment sql = sql(EnvironmentSettings.inStreamingMode());
        sql.executeSql(keyed("offers", ", 'bounded' = 'true'"));
        sql.executeSql(keyed("cheap", ""));

        sql.executeSql("INSERT INTO cheap SELECT k, n FROM offers WHERE n < 6").await();

        assertThat(redis.hgetall("cheap:rows")).containsExactly(Map.entry("{\"k\":\"a\"}", "{\"k\":\"a\",\"n\":3}"));
        assertThat(entries("cheap"))
                .extracting(StreamMessage::getBody)
                .filteredOn(body -> "{\"k\":\"b\"}".equals(body.get("key")))
                .containsExactly(
                        Map.of("op", "set", "key", "{\"k\":\"b\"}", "value", "{\"k\":\"b\",\"n\":5}"),
                        Map.of("op", "delete", "key", "{\"k\":\"b\"}", "value", "{\"k\":\"b\",\"n\":5}"));

        assertThat(entries("cheap"))
                .extracting(StreamMessage::getBody)
                .filteredOn(body -> "{\"k\":\"a\"}".equals(body.get("key")))
                .extracting(body -> body.get("op") + " " + body.get("value"))
                .as("what changes is never gone between")
                .containsExactly("set {\"k\":\"a\",\"n\":2}", "set {\"k\":\"a\",\"n\":3}");

        assertThat(rows(sql, "SELECT COUNT(*), SUM(n) FROM cheap /*+ OPTIONS('bounded' = 'true') */"))
                .as("and can be read back from there")
                .last()
                .isEqualTo("+U[1, 3]");
    }

    @Test
    void aRowThatIsThereAlreadyIsNotSaidAgain() throws Exception {
        set("offers", "a", 2);
        set("offers", "b", 5);
        TableEnvironment sql = sql(EnvironmentSettings.inStreamingMode());
        sql.executeSql(keyed("offers", ", 'bounded' = 'true'"));
        sql.executeSql(keyed("copy", ""));

        sql.executeSql("INSERT INTO copy SELECT * FROM offers").await();
        List<StreamMessage<String, String>> said = entries("copy");
        sql.executeSql("INSERT INTO copy SELECT * FROM offers").await();

        assertThat(said).hasSize(2);
        assertThat(entries("copy")).isEqualTo(said);
    }

    @Test
    void aForeignEntryIsReadByItsFieldsAndElseNamed() throws Exception {
        redis.xadd("plain", Map.of("home", "1.9"));
        TableEnvironment sql = sql(EnvironmentSettings.inBatchMode());
        sql.executeSql(table("plain", "n INT, fields MAP<STRING, STRING> METADATA VIRTUAL", ""));

        assertThat(rows(sql, "SELECT CAST(fields['home'] AS DECIMAL(9, 3)) FROM plain"))
                .containsExactly("+I[1.900]");
        assertThatThrownBy(() -> rows(sql, "SELECT n FROM plain"))
                .hasStackTraceContaining("has no field value, only [home]; set 'field' to the one that holds the row");
    }

    @Test
    void everyEntryCountsOnceThroughACrashAndARestartFromASavepoint() throws Exception {
        TableEnvironment sql = counting(Map.of());
        JobClient job = sql.executeSql("INSERT INTO counts SELECT k, SUM(trip(n)) FROM offers GROUP BY k")
                .getJobClient()
                .orElseThrow();
        say("left", 0, 50);
        say("right", 50, 100);
        awaitSum(100);
        awaitCheckpoints(2);
        // Whoever begins anew would not find these any more.
        redis.xtrim("left", 0);
        redis.xtrim("right", 0);

        TRIP.set(true);
        say("left", 100, 150);
        awaitSum(150);
        assertThat(TRIP).as("it crashed").isFalse();

        String savepoint = job.stopWithSavepoint(
                        false, directory.resolve("savepoint").toUri().toString(), SavepointFormatType.CANONICAL)
                .get(60, TimeUnit.SECONDS);
        redis.xtrim("left", 0);
        say("right", 150, 200);
        TableEnvironment again = counting(Map.of("execution.state-recovery.path", savepoint));
        JobClient restored = again.executeSql("INSERT INTO counts SELECT k, SUM(trip(n)) FROM offers GROUP BY k")
                .getJobClient()
                .orElseThrow();
        say("left", 200, 250);
        awaitSum(250);
        restored.cancel().get(60, TimeUnit.SECONDS);
    }

    @Test
    void nothingIsLostOrSaidTwiceWhileRedisDoesNotAnswer() throws Exception {
        say("offers", 0, 3_000);
        TableEnvironment sql = sql(EnvironmentSettings.inStreamingMode());
        String patience = ", 'timeoutMs' = '100', 'attempts' = '1000'";
        sql.executeSql(table("offers", "k STRING, n INT", ", 'bounded' = 'true', 'readMax' = '20'" + patience));
        sql.executeSql(table("copy", "k STRING, n INT", ", 'batchMax' = '10', 'sink.parallelism' = '1'" + patience));
        JobClient job = sql.executeSql("INSERT INTO copy SELECT k, n FROM offers")
                .getJobClient()
                .orElseThrow();

        Await.until("the first rows", PATIENCE, () -> redis.xlen("copy") > 0);
        server.freeze();
        long frozen = System.nanoTime();
        Await.until("many a call to be given up", PATIENCE, () -> System.nanoTime() - frozen > 1_000_000_000L);
        server.thaw();
        job.getJobExecutionResult().get(60, TimeUnit.SECONDS);

        assertThat(entries("copy"))
                .extracting(entry -> entry.getBody().get("value"))
                .containsExactlyElementsOf(entries("offers").stream()
                        .map(entry -> entry.getBody().get("value"))
                        .toList());
    }

    /** Adds as many as it is given; the first one after {@link #TRIP} is set is one too many. */
    public static final class Trip extends ScalarFunction {
        private static final long serialVersionUID = 1;

        public int eval(Integer n) {
            if (TRIP.getAndSet(false)) {
                throw new IllegalStateException("the test asked for a crash at " + n);
            }
            return 1;
        }
    }

    private TableEnvironment counting(Map<String, String> more) {
        Configuration settings = Configuration.fromMap(more);
        settings.setString("execution.checkpointing.interval", "50 ms");
        settings.setString(
                "execution.checkpointing.dir",
                directory.resolve("checkpoints").toUri().toString());
        settings.setString("execution.checkpointing.tolerable-failed-checkpoints", "100");
        settings.setString("restart-strategy.type", "fixed-delay");
        settings.setString("restart-strategy.fixed-delay.attempts", "1");
        settings.setString("restart-strategy.fixed-delay.delay", "10 ms");
        TableEnvironment sql = sql(EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(settings)
                .build());
        sql.createTemporarySystemFunction("trip", Trip.class);
        sql.executeSql(table("offers", "k STRING, n INT", ", 'stream' = 'left,right', 'pollMs' = '5'"));
        sql.executeSql(keyed("counts", ""));
        return sql;
    }

    private void awaitSum(int sum) {
        Await.until("a sum of " + sum, PATIENCE, () -> {
            String held = redis.hget("counts:rows", "{\"k\":\"k\"}");
            return ("{\"k\":\"k\",\"n\":" + sum + "}").equals(held);
        });
    }

    private void awaitCheckpoints(int more) {
        long before = newestCheckpoint();
        Await.until(more + " checkpoints", PATIENCE, () -> newestCheckpoint() >= before + more);
    }

    private long newestCheckpoint() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith("/_metadata") && file.contains("/chk-"))
                    .map(file -> file.substring(file.indexOf("/chk-") + "/chk-".length(), file.lastIndexOf('/')))
                    .mapToLong(Long::parseLong)
                    .max()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            // A checkpoint went while it was looked at.
            return 0;
        }
    }

    private void say(String stream, int from, int to) {
        for (int n = from; n < to; n++) {
            redis.xadd(stream, Map.of("value", "{\"k\":\"k\",\"n\":" + n + "}"));
        }
    }

    private void set(String stream, String k, int n) {
        redis.xadd(stream, Map.of("op", "set", "key", k, "value", "{\"k\":\"" + k + "\",\"n\":" + n + "}"));
    }

    private List<StreamMessage<String, String>> entries(String stream) {
        return redis.xrange(stream, Range.unbounded());
    }

    private String keyed(String name, String more) {
        return table(name, "k STRING, n INT, PRIMARY KEY (k) NOT ENFORCED", more);
    }

    private String table(String name, String columns, String more) {
        String stream = more.contains("'stream'") ? "" : ", 'stream' = '" + name + "'";
        String uri = more.contains("'uri'") ? "" : ", 'uri' = '" + server.uri() + "'";
        return "CREATE TABLE " + name + " (" + columns + ") WITH ('connector' = 'redis-streams'" + uri + stream + more
                + ")";
    }

    private static TableEnvironment sql(EnvironmentSettings settings) {
        Configuration configuration = new Configuration();
        configuration.addAll(settings.getConfiguration());
        configuration.setString("parallelism.default", "2");
        configuration.setString("pipeline.generic-types", "false");
        return TableEnvironment.create(EnvironmentSettings.newInstance()
                .withConfiguration(configuration)
                .build());
    }

    private static List<String> rows(TableEnvironment sql, String query) throws Exception {
        List<String> rows = new ArrayList<>();
        try (CloseableIterator<Row> iterator = sql.executeSql(query).collect()) {
            iterator.forEachRemaining(row -> rows.add(row.toString()));
        }
        return rows;
    }
}
