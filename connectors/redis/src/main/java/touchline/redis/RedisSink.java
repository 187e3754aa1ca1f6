package touchline.redis;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/**
 * Writes updates to Redis exactly once and in order: per match one hash that is the state at its position, per shard
 * one stream of the updates as they were applied, each beside the other in one atomic step. Without transactions and
 * without state of its own: a repeated update carries a position that Redis has already seen, and a checkpoint covers
 * only what Redis has confirmed. When Redis lost something, the sink fails with what it lost; the restarted job heals
 * it by sending every match's image before its first update.
 *
 * <p>One writer per shard: feed it through {@link #byShard}, with at most as many writers as shards.
 */
public final class RedisSink implements Sink<MarketUpdate> {

    private static final long serialVersionUID = 1;

    private final RedisConfig config;
    private final Lineage lineage;

    public RedisSink(RedisConfig config, Lineage lineage) {
        this.config = config;
        this.lineage = lineage;
    }

    /** The updates, each sent to the writer of its match's shard, in the order in which they came. */
    public static DataStream<MarketUpdate> byShard(DataStream<MarketUpdate> updates, RedisConfig config) {
        int count = config.shards();
        return updates.partitionCustom(
                (shard, writers) -> shard % writers,
                update -> ShardsOf.count(count).of(update.match()));
    }

    static int writerOf(int shard, int writers) {
        return shard % writers;
    }

    static List<Integer> shardsOf(int writer, int writers, int shards) {
        return IntStream.range(0, shards)
                .filter(shard -> writerOf(shard, writers) == writer)
                .boxed()
                .toList();
    }

    @Override
    public SinkWriter<MarketUpdate> createWriter(WriterInitContext context) throws IOException {
        Shards shards = new Shards(config.shards());
        Claim claim = new Claim(config, shards, lineage);
        int writer = context.getTaskInfo().getIndexOfThisSubtask();
        int writers = context.getTaskInfo().getNumberOfParallelSubtasks();
        List<Integer> own = shardsOf(writer, writers, shards.count());
        try {
            RedisLink link = claim.connect();
            try {
                return new RedisWriter(
                        config,
                        shards,
                        link,
                        claim.of(own, link),
                        lineage.generation(),
                        context.getMailboxExecutor(),
                        context.getProcessingTimeService(),
                        context.metricGroup());
            } catch (IOException | InterruptedException | RuntimeException e) {
                link.close();
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while claiming shards " + own, e);
        }
    }

    /** Sink V2 still asks for this one; Flink calls the other. */
    @Override
    @Deprecated
    public SinkWriter<MarketUpdate> createWriter(InitContext context) {
        throw new UnsupportedOperationException("use createWriter(WriterInitContext)");
    }
}
