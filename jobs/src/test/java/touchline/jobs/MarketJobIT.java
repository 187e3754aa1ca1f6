package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import touchline.book.MarketRules;
import touchline.book.Quotation;
import touchline.book.QuotationJson;
import touchline.config.Settings;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.price.Prices;
import touchline.sandbox.Await;
import touchline.sandbox.FlinkServer;
import touchline.sandbox.KafkaServer;
import touchline.sandbox.RedisServer;
import touchline.update.Position;

@SuppressWarnings("NullAway.Init") // made before each test
class MarketJobIT {

    private static final int MATCHES = 40;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path checkpoints;

    private KafkaServer kafka;
    private RedisServer redis;
    private FlinkServer flink;
    private KafkaProducer<byte[], byte[]> producer;
    private RedisBooks books;
    private final Talk talk = new Talk(7);

    @BeforeEach
    void start() {
        kafka = KafkaServer.start(0);
        redis = RedisServer.start(0);
        flink = FlinkServer.start(0);
        books = new RedisBooks(redis.uri(), 16);
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", kafka.bootstrap());
        properties.setProperty("max.request.size", "5000000");
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        books.close();
        producer.close();
        flink.close();
        redis.close();
        kafka.close();
    }

    @Test
    void redisEndsAsAFoldOfTheLogThroughACheckpointRestore() throws Exception {
        JobID first = flink.submit(job(null));
        begin();
        say(1_000);
        awaitAllSaid();
        flink.miniCluster().triggerCheckpoint(first).get(60, TimeUnit.SECONDS);
        say(500);
        flink.cancel(first);

        JobID second = flink.submit(job(latestCheckpoint(first)));
        say(500);
        awaitAllSaid();
        awaitAllQuotes();
        flink.cancel(second);
        assertRedisIsTheFold();
    }

    @Test
    void aWipedRedisIsWholeAgainAndQuietMatchesToo() throws Exception {
        JobID job = flink.submit(job(null));
        begin();
        say(500);
        awaitAllSaid();
        flink.miniCluster().triggerCheckpoint(job).get(30, TimeUnit.SECONDS);
        redis.restartEmpty();
        // Nothing more is said: the beat alone finds out, and every book must come back.
        awaitAllSaid();
        say(200);
        awaitAllSaid();
        flink.cancel(job);
        assertRedisIsTheFold();
    }

    @Test
    void aFreshStartOfTheSameLogSaysTheSameAgain() throws Exception {
        JobID first = flink.submit(job(null));
        begin();
        say(500);
        awaitAllSaid();
        awaitAllQuotes();
        flink.cancel(first);
        // A match that the log no longer has: nobody would ever take its quote back.
        Quotation left = new Quotation(
                "t:gone", "h2h", "oddsapi/odds", "one", null, Prices.of(Map.of("home", 1_900, "away", 1_900)), 1, 0, 1);
        producer.send(new ProducerRecord<>("quotes", QuotationJson.key(left), QuotationJson.value(left)))
                .get();

        JobID second = flink.submit(job(null));
        say(200);
        awaitAllSaid();
        awaitAllQuotes();
        flink.cancel(second);
        assertRedisIsTheFold();
    }

    @Test
    void badInputIsRefusedWithItsReasonAndTheJobRunsOn() throws Exception {
        JobID job = flink.submit(job(null));
        begin();
        String match = Talk.match(1);
        send(match, "garbage".getBytes(UTF_8));
        send(match, new byte[] {(byte) 0xff, 0, 1});
        send(match, null);
        send("no id", "{}".getBytes(UTF_8));
        send(match, FeedJson.write(talk.next(Talk.match(2))));
        send(match, "{\"kind\":\"tick\"}".getBytes(UTF_8));
        send(match, json("\"kind\":\"rumour\",\"body\":{}"));
        send(
                match,
                json("\"kind\":\"quotes\",\"body\":{\"quotes\":[{\"bookmaker\":\"b\",\"market\":\"h2h\",\"at\":1,"
                        + "\"prices\":{\"home\":1e9,\"draw\":2,\"away\":3}}]}"));
        send(
                match,
                json("\"kind\":\"quotes\",\"body\":{\"quotes\":[{\"bookmaker\":\"b\",\"market\":\"h2h\",\"at\":1,"
                        + "\"prices\":{\"home\":NaN,\"draw\":2,\"away\":3}}]}"));
        send(match, json("\"kind\":\"quotes\",\"body\":[]"));
        send("t:unknown", FeedJson.write(talk.next("t:unknown")));
        send(match, new byte[2_000_000]);
        producer.send(new ProducerRecord<>("feed", 0, null, "keyless".getBytes(UTF_8)))
                .get();
        int right = partitionOf(match);
        producer.send(new ProducerRecord<>(
                        "feed", (right + 1) % 8, match.getBytes(UTF_8), FeedJson.write(talk.next(match))))
                .get();

        Map<String, Integer> expected = new TreeMap<>();
        expected.put("not_json", 4);
        expected.put("bad_id", 3);
        expected.put("unknown_kind", 1);
        expected.put("price_out_of_bounds", 1);
        expected.put("wrong_type", 1);
        expected.put("unknown_match", 1);
        expected.put("too_large", 1);
        expected.put("missing_field", 1);
        expected.put("wrong_partition", 1);
        int total = expected.values().stream().mapToInt(Integer::intValue).sum();
        Await.until("all refusals", PATIENCE, () -> count(reasons()) >= total);
        say(100);
        awaitAllSaid();
        flink.cancel(job);
        assertRedisIsTheFold();
        assertThat(reasons()).isEqualTo(expected);
    }

    @Test
    void aLogThatWasMadeAnewStopsTheJobWithItsRemedy() throws Exception {
        JobID job = flink.submit(job(null));
        begin();
        say(200);
        awaitAllSaid();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.deleteTopics(List.of("feed")).all().get(30, TimeUnit.SECONDS);
            NewTopic anew = new NewTopic("feed", 8, (short) 1);
            Await.until("a new log", PATIENCE, () -> created(admin, anew));
        }
        Await.until("the job to end", PATIENCE, () -> status(job) == JobStatus.FAILED);
        assertThat(flink.miniCluster()
                        .getExecutionGraph(job)
                        .get(30, TimeUnit.SECONDS)
                        .getFailureInfo()
                        .getExceptionAsString())
                .contains("its topic was deleted", "Raise market.generation");
    }

    private static boolean created(Admin admin, NewTopic topic) {
        try {
            admin.createTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
            return true;
        } catch (Exception e) {
            return false; // the old one is still being deleted
        }
    }

    private JobStatus status(JobID job) {
        return flink.miniCluster().getJobStatus(job).join();
    }

    private static int count(Map<String, Integer> reasons) {
        return reasons.values().stream().mapToInt(Integer::intValue).sum();
    }

    private Map<String, Integer> reasons() {
        Map<String, Integer> reasons = new TreeMap<>();
        LogFold.everything(kafka.bootstrap(), "feed.rejected").forEach(record -> {
            String json = new String(record.value(), UTF_8);
            String reason = json.substring(json.indexOf(":\"") + 2, json.indexOf("\","));
            reasons.merge(reason, 1, Integer::sum);
        });
        return reasons;
    }

    private static byte[] json(String kindAndBody) {
        return ("{\"match\":\"t:1\",\"source\":\"oddsapi/odds\",\"seq\":[1,999999],\"at\":1,\"seen\":1," + kindAndBody
                        + "}")
                .getBytes(UTF_8);
    }

    private static int partitionOf(String match) {
        return org.apache.kafka.common.utils.Utils.toPositive(
                        org.apache.kafka.common.utils.Utils.murmur2(match.getBytes(UTF_8)))
                % 8;
    }

    private void begin() throws Exception {
        for (int number = 0; number < MATCHES; number++) {
            send(talk.fixture(Talk.match(number)));
        }
    }

    private void say(int records) throws Exception {
        for (int i = 0; i < records; i++) {
            send(talk.next(Talk.match(i % MATCHES)));
        }
        producer.flush();
    }

    private void send(FeedRecord record) throws Exception {
        send(record.match(), FeedJson.write(record));
    }

    private void send(String key, byte @Nullable [] value) throws Exception {
        var sent = producer.send(new ProducerRecord<>("feed", key.getBytes(UTF_8), value));
        if (value == null || value.length > 1_000_000) {
            sent.get();
        }
    }

    private void awaitAllSaid() {
        LogFold fold = LogFold.of(kafka.bootstrap(), "feed", rules());
        Await.until("Redis to hold what was said", PATIENCE, () -> behind(fold).isEmpty());
    }

    /** Everybody's last price is in the topic, and nothing else. */
    private void awaitAllQuotes() {
        Map<String, String> quotes = LogFold.of(kafka.bootstrap(), "feed", rules()).quotes;
        assertThat(quotes).hasSizeGreaterThan(MATCHES);
        Await.until(
                "the quotes that the books hold",
                PATIENCE,
                () -> LogFold.kept(kafka.bootstrap(), "quotes").equals(quotes));
    }

    private List<String> behind(LogFold fold) {
        List<String> behind = new ArrayList<>();
        fold.lastSaid.forEach((match, said) -> {
            Position held = books.position(match);
            if (held == null || held.compareTo(said) < 0) {
                behind.add(match);
            }
        });
        return behind;
    }

    private void assertRedisIsTheFold() {
        LogFold fold = LogFold.of(kafka.bootstrap(), "feed", rules());
        assertThat(fold.states).hasSize(MATCHES);
        fold.states.forEach((match, states) -> {
            Position held = books.position(match);
            assertThat(states).as(match).containsKey(held);
            assertThat(books.cells(match)).as(match + " at " + held).isEqualTo(states.get(held));
        });
        assertThat(books.brokenPromises()).isEmpty();
    }

    private JobGraph job(@Nullable String checkpoint) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        MarketJob.build(env, settings());
        JobGraph graph = env.getStreamGraph().getJobGraph();
        if (checkpoint != null) {
            graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(checkpoint));
        }
        return graph;
    }

    private String latestCheckpoint(JobID job) throws IOException {
        try (Stream<Path> files = Files.walk(checkpoints.resolve(job.toString()))) {
            return files.filter(file -> file.endsWith("_metadata"))
                    .map(file -> file.toAbsolutePath().getParent())
                    .max(Comparator.comparingInt(
                            chk -> Integer.parseInt(chk.getFileName().toString().substring(4))))
                    .orElseThrow()
                    .toUri()
                    .toString();
        }
    }

    private static MarketRules rules() {
        return new Settings(Map.of()).as(MarketRules.class, "market");
    }

    private Settings settings() {
        return new Settings(Map.of(
                "kafka.bootstrap",
                kafka.bootstrap(),
                "kafka.feedPartitions",
                "8",
                "kafka.maxRecordBytes",
                "1000000",
                "redis.uri",
                redis.uri(),
                "job.checkpointMs",
                "500",
                "job.checkpointDir",
                checkpoints.toUri().toString()));
    }
}
