package touchline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.runtime.partitioner.CustomPartitionerWrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import touchline.redis.RedisAnswerException.Answer;
import touchline.sandbox.RedisServer;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/** The sink inside Flink: checkpoints, failures, and what stops a job for good. */
@SuppressWarnings("NullAway.Init")
class RedisSinkIT {

    private static final int MATCHES = 50;
    private static final int UPDATES = 10_000;
    private static final AtomicInteger FAILURES = new AtomicInteger();
    private static final AtomicInteger STARTS = new AtomicInteger();

    private RedisServer server;
    private RedisClient client;
    private RedisConfig config;

    @BeforeEach
    void start() {
        server = RedisServer.start(0);
        client = RedisClient.create();
        config = Desk.config("uri=" + server.uri());
        FAILURES.set(3);
        STARTS.set(0);
    }

    @AfterEach
    void stop() {
        client.shutdown();
        server.close();
    }

    @Test
    void writesExactlyOnceThroughFailuresOfTheJob() throws Exception {
        JobExecutionResult result = run(config, "n");

        assertThat(result.isJobExecutionResult()).isTrue();
        assertThat(FAILURES).hasValueLessThanOrEqualTo(0);
        RedisView view = Desk.view(client, config);
        Shards shards = new Shards(config.shards());
        List<Map<String, RedisView.Image>> folds =
                IntStream.range(0, shards.count()).mapToObj(view::fold).toList();
        for (int match = 0; match < MATCHES; match++) {
            RedisView.Image image = view.image("manual:" + match);
            assertThat(image).isEqualTo(folds.get(shards.of("manual:" + match)).get("manual:" + match));
            assertThat(image).extracting(i -> i.position().version()).isEqualTo((long) UPDATES / MATCHES);
        }
        assertThat(folds.stream().mapToInt(Map::size).sum()).isEqualTo(MATCHES);
        assertThat(IntStream.range(0, shards.count())
                        .map(shard -> view.stream(shard).size())
                        .sum())
                .as("every update once")
                .isEqualTo(UPDATES);
    }

    @Test
    void stopsWithoutRestartWhenTheSamePositionSaysSomethingElse() throws Exception {
        FAILURES.set(0);
        run(config, "n");
        STARTS.set(0);

        RedisAnswerException refusal = Desk.refusal(() -> run(config, "m"));

        assertThat(refusal.answer()).isEqualTo(Answer.DIVERGED);
        assertThat(STARTS).hasValue(1);
    }

    @Test
    void everyShardHasOneWriterAndItsMatchesComeToIt() {
        for (int writers = 1; writers <= 5; writers++) {
            for (int writer = 0; writer < writers; writer++) {
                for (int shard : RedisSink.shardsOf(writer, writers, 16)) {
                    assertThat(RedisSink.writerOf(shard, writers)).isEqualTo(writer);
                }
            }
        }
        assertThat(RedisSink.shardsOf(1, 3, 4)).containsExactly(1);
        assertThat(RedisSink.shardsOf(4, 5, 4)).isEmpty();
    }

    @Test
    void aStreamIsPartitionedByTheShardsOfItsMatches() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(3, new Configuration());
        DataStream<MarketUpdate> updates = env.fromSequence(0, 9)
                .map(n -> said(n, "n"))
                .returns(TypeInformation.of(MarketUpdate.class))
                .name("said");
        RedisSink.byShard(updates, config).sinkTo(new RedisSink(config, Desk.LINEAGE));

        List<StreamEdge> edges = env.getStreamGraph().getStreamNodes().stream()
                .filter(node -> node.getOperatorName().equals("said"))
                .flatMap(node -> node.getOutEdges().stream())
                .toList();
        assertThat(edges)
                .singleElement()
                .extracting(StreamEdge::getPartitioner)
                .isInstanceOf(CustomPartitionerWrapper.class);
    }

    private static JobExecutionResult run(RedisConfig config, String field) throws Exception {
        Configuration flink = new Configuration();
        flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
        flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(20));
        flink.set(PipelineOptions.OBJECT_REUSE, true);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, flink);
        env.fromSequence(0, UPDATES - 1)
                .map(n -> said(n, field))
                .returns(TypeInformation.of(MarketUpdate.class))
                .sinkTo(new RedisSink(config, Desk.LINEAGE));
        return env.execute();
    }

    /** The n-th update, from the number alone, so that a replay says the same; fails now and then. */
    private static MarketUpdate said(long n, String field) {
        if (n == 0) {
            STARTS.incrementAndGet();
        }
        if (n % 2_500 == 2_499 && FAILURES.getAndDecrement() > 0) {
            throw new IllegalStateException("a failure that the test ordered at " + n);
        }
        Book book = new Book("manual:" + n % MATCHES, 1, 5);
        MarketUpdate first = book.begin(Map.of("match/" + field, "0"));
        long version = n / MATCHES;
        return version == 0 ? first : book.jump(version, Map.of("match/" + field, Long.toString(version)));
    }
}
