package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import touchline.book.MarketRules;
import touchline.config.Settings;
import touchline.sandbox.Await;
import touchline.sandbox.FlinkServer;
import touchline.sandbox.KafkaServer;
import touchline.sandbox.OddsApiServer;
import touchline.sandbox.RecordedFeed;
import touchline.sandbox.Recording;
import touchline.sandbox.RedisServer;
import touchline.update.Position;

/**
 * The recorded World Cup day through the whole chain, compressed, with MarketJob failing in the middle: Redis must end
 * exactly as an independent fold of the feed log says.
 */
class RecordedDayIT {

    private static final double SPEED = 1440;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void redisEndsAsAFoldOfWhatTheDaySaid() throws Exception {
        Recording day = Recording.read(recorded("odds-api-worldcup-2026-06-20.jsonl.gz"));
        try (KafkaServer kafka = KafkaServer.start(0);
                RedisServer redis = RedisServer.start(0);
                FlinkServer flink = FlinkServer.start(0)) {
            Map<String, String> settings = settings(kafka, redis);
            JobID market = flink.submit(market(settings));
            RecordedFeed feed = day.play(System::currentTimeMillis, SPEED);
            try (OddsApiServer api = OddsApiServer.start(0, feed)) {
                JobID ingest =
                        flink.submit(ingest(settings, api, feed.sports().get(0).key()));
                Await.until("half of the day", PATIENCE, () -> records(kafka) > 500);
                redis.restartEmpty();
                Await.until("the end of the day", PATIENCE, feed::isOver);
                int calls = api.calls().size();
                Await.until("the last poll", PATIENCE, () -> api.calls().size() >= calls + 3);
                flink.cancel(ingest);
            }
            MarketRules rules = new Settings(settings).as(MarketRules.class, "market");
            try (RedisBooks books = new RedisBooks(redis.uri(), 16)) {
                LogFold said = LogFold.of(kafka.bootstrap(), "feed", rules);
                said.lastSaid.forEach((match, position) -> Await.until(
                        match + " at " + position, PATIENCE, () -> reached(books.position(match), position)));
                flink.cancel(market);
                LogFold fold = LogFold.of(kafka.bootstrap(), "feed", rules);
                assertThat(fold.states).hasSizeGreaterThan(10);
                fold.states.forEach((match, states) -> {
                    Position held = books.position(match);
                    assertThat(states).as(match).containsKey(held);
                    assertThat(books.cells(match)).as(match).isEqualTo(states.get(held));
                });
                assertThat(books.brokenPromises()).isEmpty();
            }
        }
    }

    private static boolean reached(@Nullable Position held, Position said) {
        return held != null && held.compareTo(said) >= 0;
    }

    private static long records(KafkaServer kafka) {
        return LogFold.everything(kafka.bootstrap(), "feed").stream()
                .filter(record -> record.key() != null)
                .count();
    }

    private static StreamGraph market(Map<String, String> settings) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        MarketJob.build(env, new Settings(settings));
        return env.getStreamGraph();
    }

    private StreamGraph ingest(Map<String, String> settings, OddsApiServer api, String sport) throws IOException {
        Path key = directory.resolve("key");
        Files.writeString(key, api.apiKey());
        Map<String, String> all = new HashMap<>(settings);
        all.put("oddsapi.baseUrl", api.url());
        all.put("oddsapi.apiKey", "file:" + key);
        all.put("oddsapi.sports", sport);
        all.put("oddsapi.regions", "us");
        all.put("oddsapi.livePollMs", "300");
        all.put("oddsapi.upcomingPollMs", "300");
        all.put("oddsapi.scoresPollMs", "1000");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        IngestJob.build(env, new Settings(all));
        return env.getStreamGraph();
    }

    /** The rules' times shrink with the day. */
    private static Map<String, String> settings(KafkaServer kafka, RedisServer redis) {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap", kafka.bootstrap());
        settings.put("kafka.feedPartitions", "8");
        settings.put("redis.uri", redis.uri());
        settings.put("job.postgres", "false");
        settings.put("job.seenEveryMs", "500");
        settings.put("job.doubtMs", "500");
        settings.put("market.freshLiveMs", "1000");
        settings.put("market.freshUpcomingMs", "2000");
        settings.put("market.skewMs", "20");
        settings.put("market.phaseHoldMs", "20");
        settings.put("market.jumpHoldMs", "20");
        settings.put("market.endAfterMissingMs", "2500");
        return settings;
    }

    private static Path recorded(String file) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path path = at.resolveSibling("shared").resolve("recordings").resolve(file);
            if (Files.exists(path)) {
                return path;
            }
        }
        return Assumptions.abort("no recordings beside the project");
    }
}
