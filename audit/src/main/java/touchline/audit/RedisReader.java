package touchline.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import touchline.update.Shards;
import touchline.update.UpdateJson;

/**
 * Reads what the sink wrote: standalone ({@code redis://}, {@code rediss://}), Sentinel ({@code redis-sentinel://}) or
 * Cluster ({@code redis-cluster://}). Never writes.
 */
final class RedisReader implements AutoCloseable {

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    private static final int PAGE = 1_000;
    private static final int PIPELINE = 256;
    private static final long ANSWER_MS = 30_000;
    private static final String CLUSTER = "redis-cluster://";

    private final RedisClusterAsyncCommands<String, byte[]> redis;
    private final Runnable close;
    private final boolean cluster;
    private final Shards shards;

    private RedisReader(
            RedisClusterAsyncCommands<String, byte[]> redis, Runnable close, boolean cluster, Shards shards) {
        this.redis = redis;
        this.close = close;
        this.cluster = cluster;
        this.shards = shards;
    }

    static RedisReader open(String uri, Shards shards) {
        if (uri.startsWith(CLUSTER)) {
            List<RedisURI> nodes = new ArrayList<>();
            for (String node : uri.substring(CLUSTER.length()).split(",")) {
                nodes.add(RedisURI.create("redis://" + node));
            }
            RedisClusterClient client = RedisClusterClient.create(nodes);
            StatefulRedisClusterConnection<String, byte[]> connection = client.connect(CODEC);
            return new RedisReader(connection.async(), () -> quit(client::shutdown), true, shards);
        }
        RedisClient client = RedisClient.create(RedisURI.create(uri));
        // A reader that waits for an answer of a dead connection waits for nothing: better to hear of it.
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        try {
            StatefulRedisConnection<String, byte[]> connection = client.connect(CODEC);
            return new RedisReader(connection.async(), () -> quit(client::shutdown), false, shards);
        } catch (RuntimeException e) {
            quit(client::shutdown);
            throw e;
        }
    }

    private interface Shutdown {
        void within(long quietPeriod, long timeout, TimeUnit unit);
    }

    private static void quit(Shutdown client) {
        client.within(0, 2, TimeUnit.SECONDS);
    }

    Shards shards() {
        return shards;
    }

    /**
     * Nothing of a shard can be found under another count than the writer's.
     *
     * @throws IllegalStateException when the writer fixed another one, or has not written yet
     */
    void requireShards() {
        byte[] there = answer(redis.get(Shards.COUNT_KEY));
        if (there == null) {
            throw new IllegalStateException("Redis holds nothing of Touchline (no key " + Shards.COUNT_KEY
                    + "): has the market job written to it?");
        }
        if (Integer.parseInt(new String(there, UTF_8)) != shards.count()) {
            throw new IllegalStateException("Redis was written with redis.shards=" + new String(there, UTF_8) + ", not "
                    + shards.count() + ": use the same");
        }
    }

    Map<String, String> meta(int shard) {
        Map<String, String> meta = new LinkedHashMap<>();
        answer(redis.hgetall(shards.metaKey(shard)))
                .forEach((field, value) -> meta.put(field, new String(value, UTF_8)));
        return meta;
    }

    /** The log time up to which the shard is complete; -1 before the first beat. */
    long beat(int shard) {
        byte[] beat = answer(redis.get(shards.beatKey(shard)));
        return beat == null ? -1 : Long.parseLong(new String(beat, UTF_8));
    }

    /** The matches of a shard, ended ones whose tombstone is still there included. */
    Set<String> index(int shard) {
        Set<String> matches = new TreeSet<>();
        for (byte[] match : answer(redis.zrange(shards.indexKey(shard), 0, -1))) {
            matches.add(new String(match, UTF_8));
        }
        return matches;
    }

    @Nullable
    MatchHash hash(String match) {
        return MatchHash.of(match, answer(redis.hgetall(shards.matchKey(match))));
    }

    /** The hashes of these matches; one that is not there is absent. */
    Map<String, MatchHash> hashes(Iterable<String> matches) {
        Map<String, MatchHash> hashes = new LinkedHashMap<>();
        Map<String, RedisFuture<Map<String, byte[]>>> out = new LinkedHashMap<>();
        for (String match : matches) {
            out.put(match, redis.hgetall(shards.matchKey(match)));
            if (out.size() == PIPELINE) {
                collect(out, hashes);
            }
        }
        collect(out, hashes);
        return hashes;
    }

    private static void collect(Map<String, RedisFuture<Map<String, byte[]>>> out, Map<String, MatchHash> hashes) {
        out.forEach((match, answer) -> {
            MatchHash hash = MatchHash.of(match, answer(answer));
            if (hash != null) {
                hashes.put(match, hash);
            }
        });
        out.clear();
    }

    /** The entries behind {@code after} (null: from the beginning), at most a page; empty at the end. */
    List<StreamMessage<String, byte[]>> page(int shard, @Nullable String after) {
        Range<String> range = after == null
                ? Range.unbounded()
                : Range.from(Range.Boundary.excluding(after), Range.Boundary.unbounded());
        return answer(redis.xrange(shards.streamKey(shard), range, Limit.from(PAGE)));
    }

    /** The entry with this id, null when it is not there (any more). */
    @Nullable
    Entry entry(int shard, String id) {
        List<StreamMessage<String, byte[]>> found = answer(redis.xrange(shards.streamKey(shard), Range.create(id, id)));
        return found.isEmpty() ? null : entry(found.get(0));
    }

    /** Waits for entries behind the given ones, stream key to last id; in a cluster it asks shard by shard. */
    @SuppressWarnings("unchecked") // a generic array for varargs, as the client's signature wants it
    List<StreamMessage<String, byte[]>> next(Map<String, String> after, Duration wait) {
        if (!cluster) {
            return answer(redis.xread(XReadArgs.Builder.block(wait).count(PAGE), offsets(after)));
        }
        List<StreamMessage<String, byte[]>> found = new ArrayList<>();
        after.forEach((stream, id) -> found.addAll(
                answer(redis.xread(XReadArgs.Builder.count(PAGE), XReadArgs.StreamOffset.from(stream, id)))));
        return found;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a generic array, as the client's signature wants it
    private static XReadArgs.StreamOffset<String>[] offsets(Map<String, String> after) {
        XReadArgs.StreamOffset<String>[] offsets = new XReadArgs.StreamOffset[after.size()];
        int i = 0;
        for (Map.Entry<String, String> stream : after.entrySet()) {
            offsets[i++] = XReadArgs.StreamOffset.from(stream.getKey(), stream.getValue());
        }
        return offsets;
    }

    /** @throws IllegalArgumentException when it is no update */
    static Entry entry(StreamMessage<String, byte[]> message) {
        byte[] prev = message.getBody().get("prev");
        byte[] update = message.getBody().get("u");
        if (prev == null || update == null) {
            throw new IllegalArgumentException("an entry has the fields prev and u, this one has "
                    + message.getBody().keySet());
        }
        return new Entry(message.getId(), new String(prev, UTF_8), UpdateJson.read(update));
    }

    private static <T> T answer(RedisFuture<T> answer) {
        try {
            return answer.get(ANSWER_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Redis: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Redis did not answer within " + ANSWER_MS + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Redis answered", e);
        }
    }

    @Override
    public void close() {
        close.run();
    }
}
