package touchline.redis;

import static org.assertj.core.api.Assertions.catchThrowable;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.runtime.metrics.groups.InternalSinkWriterMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import touchline.config.Settings;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/** A writer of all shards on the test's thread. */
final class Desk implements AutoCloseable {

    static final Lineage LINEAGE = new Lineage(1, "rules", "topic");

    private static final SinkWriter.Context CONTEXT = new SinkWriter.Context() {
        @Override
        public long currentWatermark() {
            return 0;
        }

        @Override
        public @Nullable Long timestamp() {
            return null;
        }
    };

    private final TaskThread thread = new TaskThread();
    private final RedisWriter writer;

    Desk(RedisConfig config) throws IOException, InterruptedException {
        this(config, LINEAGE);
    }

    Desk(RedisConfig config, Lineage lineage) throws IOException, InterruptedException {
        Claim claim = new Claim(config, new Shards(config.shards()), lineage);
        RedisLink link = claim.connect();
        try {
            List<Integer> all = IntStream.range(0, config.shards()).boxed().toList();
            writer = writer(config, link, claim.of(all, link), lineage);
        } catch (IOException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /** A writer of some shards. */
    Desk(RedisConfig config, RedisLink link, List<ShardLine> lines) {
        writer = writer(config, link, lines, LINEAGE);
    }

    private RedisWriter writer(RedisConfig config, RedisLink link, List<ShardLine> lines, Lineage lineage) {
        return new RedisWriter(
                config,
                new Shards(config.shards()),
                link,
                lines,
                lineage.generation(),
                thread,
                thread,
                InternalSinkWriterMetricGroup.wrap(UnregisteredMetricGroups.createUnregisteredOperatorMetricGroup()));
    }

    /** Settings as a user writes them, without the prefix. */
    static RedisConfig config(String... settings) {
        Map<String, String> values = new HashMap<>(Map.of("redis.shards", "4", "redis.beatMs", "20"));
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            values.put("redis." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new Settings(values).as(RedisConfig.class, "redis");
    }

    static RedisView view(RedisClient client, RedisConfig config) {
        return new RedisView(client.connect(RedisURI.create(config.uri())).sync(), new Shards(config.shards()));
    }

    void write(MarketUpdate update) throws IOException, InterruptedException {
        writer.write(update, CONTEXT);
    }

    void watermark(long logTime) {
        writer.writeWatermark(new Watermark(logTime));
    }

    void flush() throws InterruptedException {
        writer.flush(false);
    }

    TaskThread thread() {
        return thread;
    }

    long inFlight() {
        return writer.unconfirmed();
    }

    /** What Redis answered when the action failed. */
    static RedisAnswerException refusal(ThrowingCallable action) {
        Throwable thrown = catchThrowable(action);
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof RedisAnswerException refusal) {
                return refusal;
            }
        }
        throw new AssertionError("no refusal, but " + thrown, thrown);
    }

    @Override
    public void close() {
        writer.close();
        thread.close();
    }
}
