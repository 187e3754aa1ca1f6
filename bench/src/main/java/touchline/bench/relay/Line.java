package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;
import touchline.update.UpdateJson;

/**
 * One shard's way into Redis, through the script of the market job's sink: one call in flight, the next batch forming
 * meanwhile.
 */
final class Line {

    private static final int BATCH = 128;
    private static final byte[] NOT_DUE = {};

    /** An update and when it was meant to be sent, us. */
    record Waiting(MarketUpdate update, long stamp) {}

    private final RedisAsyncCommands<byte[], byte[]> redis;
    private final String script;
    private final Shards shards;
    private final int shard;
    private final String writer;
    private final Clock clock;
    private final Histogram confirmed;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private String last;
    private long calls;
    private boolean out;
    private long beatAt;
    private @Nullable String failure;

    Line(
            RedisAsyncCommands<byte[], byte[]> redis,
            String script,
            Shards shards,
            int shard,
            String writer,
            String last,
            Clock clock,
            Histogram confirmed) {
        this.redis = redis;
        this.script = script;
        this.shards = shards;
        this.shard = shard;
        this.writer = writer;
        this.last = last;
        this.clock = clock;
        this.confirmed = confirmed;
    }

    /** Takes an update; {@link #pump} sends it. */
    synchronized void add(MarketUpdate update, long stamp) {
        waiting.add(new Waiting(update, stamp));
    }

    synchronized boolean isIdle() {
        if (failure != null) {
            throw new IllegalStateException("shard " + shard + ": " + failure);
        }
        return !out && waiting.isEmpty();
    }

    /** Sends what waits, or a beat when one is due, unless a call is out. */
    synchronized void pump() {
        long now = System.currentTimeMillis();
        boolean due = now - beatAt >= 250;
        if (out || (waiting.isEmpty() && !due)) {
            return;
        }
        List<Waiting> batch = new ArrayList<>();
        while (batch.size() < BATCH && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        List<byte[]> keys = new ArrayList<>(List.of(
                bytes(shards.metaKey(shard)),
                bytes(shards.streamKey(shard)),
                bytes(shards.indexKey(shard)),
                bytes(shards.beatKey(shard))));
        List<byte[]> args = new ArrayList<>(List.of(
                bytes(writer),
                bytes(Long.toString(++calls)),
                bytes(last),
                due ? bytes(Long.toString(now)) : NOT_DUE,
                bytes("100000"),
                bytes("900000"),
                bytes("691200000")));
        if (due) {
            beatAt = now;
        }
        for (Waiting one : batch) {
            keys.add(bytes(shards.matchKey(one.update().match())));
            add(one.update(), args);
        }
        out = true;
        var unused = redis.<List<Object>>evalsha(
                        script, ScriptOutputType.MULTI, keys.toArray(byte[][]::new), args.toArray(byte[][]::new))
                .whenComplete((reply, thrown) -> answered(batch, reply, thrown));
    }

    private synchronized void answered(List<Waiting> batch, @Nullable List<Object> reply, @Nullable Throwable thrown) {
        out = false;
        if (reply == null || !text(reply.get(0)).equals("OK")) {
            failure = reply == null ? String.valueOf(thrown) : text(reply.get(0)) + " of " + batch;
            return;
        }
        last = text(reply.get(1));
        long now = clock.micros();
        for (Waiting one : batch) {
            if (one.stamp() > 0) {
                confirmed.recordValue(Tally.bounded(now - one.stamp()));
            }
        }
        pump();
    }

    private static void add(MarketUpdate update, List<byte[]> args) {
        Position at = update.position();
        boolean patch = update.kind() == MarketUpdate.Kind.PATCH;
        args.add(bytes(patch ? "P" : "I"));
        args.add(bytes(
                patch ? new Position(at.generation(), at.created(), at.version() - 1).toString() : update.match()));
        args.add(UpdateJson.write(update));
        args.add(bytes(
                Integer.toString(2 + 2 * update.set().size() + 2 * update.sums().size())));
        args.add(bytes(Integer.toString(update.sums().size())));
        args.add(bytes(Integer.toString(update.del().size())));
        args.add(bytes("0"));
        args.add(bytes("#pos"));
        args.add(bytes(at.toString()));
        update.set().forEach((cell, value) -> {
            args.add(bytes(cell));
            args.add(bytes(value));
        });
        for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
            args.add(bytes("#sum/" + sum.getKey()));
            args.add(bytes(String.valueOf(sum.getValue())));
        }
        update.del().forEach(cell -> args.add(bytes(cell)));
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(reply);
    }
}
