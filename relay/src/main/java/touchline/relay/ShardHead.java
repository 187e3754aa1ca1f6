package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.KeyValue;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import touchline.redislink.RedisConnection;
import touchline.update.Shards;

/**
 * Where a shard is.
 *
 * @param shards the count that it was written under
 * @param generation of its writer, -1 when unknown
 * @param last the last entry of its stream
 * @param beatMs log time up to which it is complete with that entry, -1 when unknown
 */
record ShardHead(int shards, long generation, EntryId last, long beatMs) {

    private static final String[] FIELDS = {"shards", "generation", "last"};

    /** Null when nothing is there. The beat is read first: all before it then lies within the end. */
    static CompletionStage<@Nullable ShardHead> read(RedisConnection<String, byte[]> redis, Shards shards, int shard) {
        CompletionStage<byte @Nullable []> beat = redis.commands().get(shards.beatKey(shard));
        return redis.commands().hmget(shards.metaKey(shard), FIELDS).thenCombine(beat, ShardHead::of);
    }

    private static @Nullable ShardHead of(List<KeyValue<String, byte[]>> meta, byte @Nullable [] beat) {
        if (!meta.get(0).hasValue() || !meta.get(2).hasValue()) {
            return null;
        }
        return new ShardHead(
                Integer.parseInt(text(meta.get(0).getValue())),
                meta.get(1).hasValue() ? Long.parseLong(text(meta.get(1).getValue())) : -1,
                EntryId.parse(text(meta.get(2).getValue())),
                beat == null ? -1 : Long.parseLong(text(beat)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
