package touchline.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import touchline.book.MarketRules;
import touchline.config.Settings;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Fixture;
import touchline.feed.Quote;
import touchline.feed.Score;
import touchline.feed.Seq;
import touchline.feed.View;
import touchline.sandbox.KafkaServer;
import touchline.sandbox.RedisServer;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;

/** Every kind of difference, made by hand in a real Redis, is found; an honest Redis passes. */
class AuditIT {

    private static final String TOPIC = "feed";
    private static final MarketRules RULES = new Settings(Map.of()).as(MarketRules.class, "market");
    private static final Shards SHARDS = new Shards(3);

    private static KafkaServer kafka;
    private static RedisServer redis;
    private static final List<Decided> decided = new ArrayList<>();
    private static long end;

    private Scribe scribe;

    private record Decided(MarketUpdate update, long logTime) {}

    @BeforeAll
    static void start() throws Exception {
        kafka = KafkaServer.start(0);
        redis = RedisServer.start(0);
        write();
        try (FeedLog log = new FeedLog(Map.of("bootstrap.servers", kafka.bootstrap()), TOPIC)) {
            LogFold fold = new LogFold(
                    RULES,
                    log.partitions(),
                    900_000,
                    (partition, update, logTime, replica, verdict) -> decided.add(new Decided(update, logTime)));
            log.read(record -> fold.take(record.partition(), record.timestamp(), record.key(), record.value()));
            fold.finish();
        }
        end = decided.stream().mapToLong(Decided::logTime).max().orElseThrow();
    }

    @AfterAll
    static void stop() {
        redis.close();
        kafka.close();
    }

    @BeforeEach
    void anHonestRedis() {
        redis.command("FLUSHALL");
        scribe = new Scribe(redis, SHARDS);
    }

    @Test
    void passesWhenRedisHoldsWhatFollowsFromTheLog() {
        decided.forEach(one -> scribe.write(one.update()));
        scribe.beat(end);

        AuditReport report = audit();

        assertThat(report.lines()).as("%s", report).noneMatch(line -> line.startsWith("  "));
        assertThat(report.clean()).isTrue();
        assertThat(report.streams().compared()).isEqualTo(decided.size()).isGreaterThan(20);
        assertThat(report.hashes().compared()).isEqualTo(6);
        assertThat(report.fold().updates()).isEqualTo(decided.size());
        assertThat(report.left().pending()).isZero();
        assertThat(report.log().refused()).containsEntry("not_json", 1L).containsEntry("wrong_partition", 1L);
    }

    @Test
    void findsAFlippedCellInAHash() {
        writeAll();
        redis.command("HSET", SHARDS.matchKey("t:1"), "match/home_score", "77");

        assertThat(kinds()).containsKeys("cells", "sum").doesNotContainKeys("update", "stream");
        assertThat(audit().differences())
                .anySatisfy(difference -> assertThat(difference.detail()).contains("match/home_score redis=77 fold="));
    }

    @Test
    void findsAChecksumThatIsNotItsCells() {
        writeAll();
        redis.command("HSET", SHARDS.matchKey("t:1"), "#sum/match", "0000000000000000");

        assertThat(kinds()).containsOnlyKeys("sum");
    }

    @Test
    void findsAnEntryDroppedInTheMiddleOfAStream() {
        List<String> ids = new ArrayList<>();
        decided.forEach(one -> ids.add(scribe.write(one.update())));
        scribe.beat(end);
        int middle = decided.size() / 2;
        redis.command(
                "XDEL", SHARDS.streamKey(SHARDS.of(decided.get(middle).update().match())), ids.get(middle));

        assertThat(kinds()).containsKey("stream");
    }

    @Test
    void findsAStreamWhoseLastEntryIsGone() {
        String id = "";
        for (Decided one : decided) {
            id = scribe.write(one.update());
        }
        scribe.beat(end);
        redis.command(
                "XDEL",
                SHARDS.streamKey(
                        SHARDS.of(decided.get(decided.size() - 1).update().match())),
                id);

        assertThat(kinds()).containsKey("stream");
    }

    @Test
    void findsAnUpdateWithAnotherPrice() {
        for (Decided one : decided) {
            MarketUpdate update = one.update();
            if (one.equals(last("t:2"))) {
                Map<String, String> set = new TreeMap<>(update.set());
                set.put("match/home_score", "55");
                update = new MarketUpdate(
                        update.match(),
                        update.position(),
                        update.kind(),
                        new TreeMap<>(set),
                        update.del(),
                        update.sums(),
                        update.times());
            }
            scribe.write(update);
        }
        scribe.beat(end);

        AuditReport report = audit();

        assertThat(report.counts()).containsKeys("update", "stream", "cells");
        assertThat(report.differences())
                .anySatisfy(difference -> assertThat(difference.detail()).contains("match/home_score redis=55 fold="));
    }

    @Test
    void findsAPositionThatWasNeverDecided() {
        writeAll();
        MarketUpdate update = last("t:3").update();
        scribe.write(at(update, update.position().next()));

        assertThat(kinds()).containsOnlyKeys("never_decided", "position");
    }

    @Test
    void findsARepeatAndAStepBack() {
        writeAll();
        scribe.append(last("t:3").update());
        scribe.append(first("t:4").update());

        AuditReport report = audit();

        assertThat(report.counts()).containsOnly(Map.entry("stream", 2L));
        assertThat(report.differences()).extracting(Difference::detail).anyMatch(detail -> detail.startsWith("repeat"));
        assertThat(report.differences())
                .extracting(Difference::detail)
                .anyMatch(detail -> detail.startsWith("step_back"));
    }

    @Test
    void findsAnUpdateThatTheBeatPromisesAndRedisDoesNotHave() {
        Decided held = last("t:5");
        decided.stream().filter(one -> !one.equals(held)).forEach(one -> scribe.write(one.update()));
        scribe.beat(end);

        assertThat(kinds()).containsOnlyKeys("missing");
    }

    @Test
    void findsAMatchThatIsNotThereAtAll() {
        decided.stream().filter(one -> !one.update().match().equals("t:5")).forEach(one -> scribe.write(one.update()));
        scribe.beat(end);

        assertThat(kinds()).containsExactly(Map.entry("missing", 1L));
    }

    @Test
    void whatTheBeatDoesNotCoverIsNotDueYet() {
        Decided held = last("t:5");
        decided.stream().filter(one -> !one.equals(held)).forEach(one -> scribe.write(one.update()));
        scribe.beat(held.logTime() - 1);

        AuditReport report = audit();

        assertThat(report.clean()).as("%s", report).isTrue();
        assertThat(report.left().pending()).isGreaterThan(0);
    }

    @Test
    void findsAHashThatIsBehindItsStream() {
        writeAll();
        redis.command(
                "HSET",
                SHARDS.matchKey("t:1"),
                "#pos",
                first("t:1").update().position().toString());

        assertThat(kinds()).containsKey("position");
    }

    @Test
    void findsAnIndexThatNamesAMatchWithoutAHash() {
        writeAll();
        redis.command("ZADD", SHARDS.indexKey(1), "0", "t:ghost");

        assertThat(kinds()).containsExactly(Map.entry("index", 1L));
    }

    @Test
    void comparesWhatATrimmedStreamStillHas() {
        writeAll();
        for (int shard = 0; shard < SHARDS.count(); shard++) {
            redis.command("XTRIM", SHARDS.streamKey(shard), "MAXLEN", "2");
        }

        AuditReport report = audit();

        assertThat(report.clean()).as("%s", report).isTrue();
        assertThat(report.streams().trimmed()).isGreaterThan(0);
        assertThat(report.hashes().compared()).isEqualTo(6);
        assertThat(report.lines()).anyMatch(line -> line.contains("streams is trimmed"));
    }

    @Test
    void saysWhatToDoWhenRedisIsEmptyOrHasOtherShards() {
        redis.command("FLUSHALL");
        assertThatThrownBy(AuditIT::audit).hasMessageContaining("has the market job written");
        redis.command("SET", Shards.COUNT_KEY, "5");
        assertThatThrownBy(AuditIT::audit).hasMessageContaining("redis.shards=5");
    }

    @Test
    void theFollowerReadsTheSameAndFindsNothing() throws Exception {
        Tally tally = new Tally();
        List<MarketUpdate> read = new ArrayList<>();
        try (Follower follower = Follower.start(redis.uri(), 3, tally, (update, at) -> {
            synchronized (read) {
                read.add(update);
            }
        })) {
            writeAll();
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (tally.entries() < decided.size() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(follower).isNotNull();
        }
        assertThat(read).hasSize(decided.size());
        assertThat(tally.faults()).isEmpty();
        assertThat(tally.count(Verdict.APPLIED)).isEqualTo(decided.size());
    }

    private void writeAll() {
        decided.forEach(one -> scribe.write(one.update()));
        scribe.beat(end);
    }

    private static Map<String, Long> kinds() {
        return audit().counts();
    }

    private static AuditReport audit() {
        return Audit.run(
                new AuditTarget(
                        redis.uri(),
                        SHARDS.count(),
                        Map.of("bootstrap.servers", kafka.bootstrap()),
                        TOPIC,
                        900_000,
                        RULES),
                50);
    }

    private static Decided last(String match) {
        return decided.stream()
                .filter(one -> one.update().match().equals(match))
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    private static Decided first(String match) {
        return decided.stream()
                .filter(one -> one.update().match().equals(match))
                .findFirst()
                .orElseThrow();
    }

    private static MarketUpdate at(MarketUpdate update, Position position) {
        return new MarketUpdate(
                update.match(), position, update.kind(), update.set(), update.del(), update.sums(), update.times());
    }

    /** Six matches, five scores each, one record that is no JSON, one in the wrong partition, ticks. */
    private static void write() throws ExecutionException, InterruptedException {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrap(), "acks", "all");
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 4, (short) 1)
                            .configs(Map.of("message.timestamp.type", "LogAppendTime"))))
                    .all()
                    .get();
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < 6; n++) {
                for (int match = 1; match <= 6; match++) {
                    FeedRecord record = record("t:" + match, n);
                    send(producer, null, record.match().getBytes(UTF_8), FeedJson.write(record));
                }
            }
            send(producer, null, "t:1".getBytes(UTF_8), "{".getBytes(UTF_8));
            int wrong = (LogFold.partition("t:1".getBytes(UTF_8), 4) + 1) % 4;
            send(producer, wrong, "t:1".getBytes(UTF_8), FeedJson.write(record("t:1", 9)));
            byte[] tick = "{\"kind\":\"tick\"}".getBytes(UTF_8);
            for (int partition = 0; partition < 4; partition++) {
                producer.send(new ProducerRecord<>(TOPIC, partition, null, tick))
                        .get();
            }
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, @Nullable Integer partition, byte[] key, byte[] value)
            throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(TOPIC, partition, key, value)).get();
    }

    private static FeedRecord record(String match, int n) {
        long now = System.currentTimeMillis();
        Fixture fixture = new Fixture("soccer_epl", "EPL", "Home " + match, "Away " + match, now + 3_600_000);
        List<Quote> quotes = List.of(
                new Quote("alpha", "h2h", now, null, Map.of("home", 1900 + 10 * n, "draw", 3400, "away", 4300)),
                new Quote("beta", "h2h", now, null, Map.of("home", 1920 + 10 * n, "draw", 3300, "away", 4200)));
        View view = n == 0
                ? new View(true, false, fixture, quotes, List.of(), List.of(), null, List.of())
                : new View(false, false, null, quotes, List.of(), List.of(), new Score(n, 0, false, now), List.of());
        return new FeedRecord(match, "test/odds", new Seq(1, n + 1), now, now, 60_000, view.kind(), view);
    }
}
