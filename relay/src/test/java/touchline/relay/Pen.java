package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.redislink.RedisAddress;
import touchline.redislink.RedisConnection;
import touchline.redislink.RedisDialer;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;
import touchline.update.UpdateJson;

/** Writes to Redis as the sink does, by the sink's own scripts, one update a call. */
final class Pen implements AutoCloseable {

    private final RedisDialer dialer;
    private final RedisConnection<byte[], byte[]> redis;
    private final Shards shards;
    private final byte[] apply = script("apply.lua");
    private final Map<Integer, String> writers = new HashMap<>();
    private final Map<Integer, String> lasts = new HashMap<>();
    private int calls;

    /** Claims all shards. */
    Pen(RedisAddress address, int shardCount) {
        this(address, shardCount, 1);
    }

    Pen(RedisAddress address, int shardCount, long generation) {
        dialer = new RedisDialer(address, true);
        redis = dialer.dial(ByteArrayCodec.INSTANCE).toCompletableFuture().join();
        shards = new Shards(shardCount);
        String count = Integer.toString(shardCount);
        redis.commands()
                .setnx(bytes(Shards.COUNT_KEY), bytes(count))
                .toCompletableFuture()
                .join();
        for (int shard = 0; shard < shardCount; shard++) {
            List<String> answer = call(
                    script("open.lua"),
                    List.of(
                            bytes(shards.metaKey(shard)),
                            bytes(shards.prefix(shard) + "probe"),
                            bytes(shards.streamKey(shard)),
                            bytes(shards.indexKey(shard)),
                            bytes(shards.beatKey(shard))),
                    List.of(
                            bytes(count),
                            bytes(Long.toString(generation)),
                            bytes("rules"),
                            bytes("topic"),
                            bytes("r")));
            if (!answer.get(0).equals("OPEN")) {
                throw new IllegalStateException("open.lua: " + answer);
            }
            writers.put(shard, answer.get(1));
            lasts.put(shard, answer.get(2));
        }
    }

    Shards shards() {
        return shards;
    }

    void write(MarketUpdate update) {
        int shard = shards.of(update.match());
        Position at = update.position();
        boolean patch = update.kind() == MarketUpdate.Kind.PATCH;
        String before = new Position(at.generation(), at.created(), at.version() - 1).toString();
        List<byte[]> sets = new ArrayList<>(List.of(bytes("#pos"), bytes(at.toString())));
        update.set().forEach((cell, value) -> sets.addAll(List.of(bytes(cell), bytes(value))));
        List<byte[]> dels = new ArrayList<>();
        update.del().forEach(cell -> dels.add(bytes(cell)));
        int sums = 0;
        int sumsGone = 0;
        for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
            byte[] field = bytes("#sum/" + sum.getKey());
            if (sum.getValue() == null) {
                dels.add(field);
                sumsGone++;
            } else {
                sets.addAll(List.of(field, bytes(sum.getValue())));
                sums++;
            }
        }
        List<byte[]> args = new ArrayList<>(head(shard, ""));
        args.add(bytes(update.kind().name().substring(0, 1)));
        args.add(bytes(patch ? before : update.match()));
        args.add(UpdateJson.write(update));
        args.addAll(List.of(bytes("" + sets.size()), bytes("" + sums), bytes("" + dels.size()), bytes("" + sumsGone)));
        args.addAll(sets);
        args.addAll(dels);
        List<byte[]> keys = new ArrayList<>(keys(shard));
        keys.add(bytes(shards.matchKey(update.match())));
        applied(shard, keys, args);
    }

    /** @param logTime up to which all shards are complete */
    void beat(long logTime) {
        for (int shard = 0; shard < shards.count(); shard++) {
            applied(shard, keys(shard), head(shard, Long.toString(logTime)));
        }
    }

    private void applied(int shard, List<byte[]> keys, List<byte[]> args) {
        List<String> answer = call(apply, keys, args);
        if (!answer.get(0).equals("OK")) {
            throw new IllegalStateException("apply.lua: " + answer);
        }
        lasts.put(shard, answer.get(1));
    }

    private List<byte[]> keys(int shard) {
        return List.of(
                bytes(shards.metaKey(shard)),
                bytes(shards.streamKey(shard)),
                bytes(shards.indexKey(shard)),
                bytes(shards.beatKey(shard)));
    }

    private List<byte[]> head(int shard, String beat) {
        return List.of(
                bytes(writers.getOrDefault(shard, "")),
                bytes("" + ++calls),
                bytes(lasts.getOrDefault(shard, "")),
                bytes(beat),
                bytes("100000"),
                bytes("900000"),
                bytes("691200000"));
    }

    private List<String> call(byte[] script, List<byte[]> keys, List<byte[]> args) {
        List<Object> answer = redis.commands()
                .<List<Object>>eval(
                        script, ScriptOutputType.MULTI, keys.toArray(new byte[0][]), args.toArray(new byte[0][]))
                .toCompletableFuture()
                .join();
        return answer.stream()
                .map(word -> word instanceof byte[] text ? new String(text, UTF_8) : String.valueOf(word))
                .toList();
    }

    private static byte[] script(String name) {
        try (InputStream in = Pen.class.getResourceAsStream("/touchline/redis/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public void close() {
        dialer.close();
    }
}
