package touchline.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/**
 * One shard as its writer sees it: what waits, the one call that is out, and the end of the stream that it built so
 * far. Confined to the writer's thread.
 */
final class ShardLine {

    private final int shard;
    private final String writer;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private String last;
    private long calls;
    private @Nullable Call out;
    private long beatAt = Long.MIN_VALUE;
    private long beat;

    /** An update, and the log time up to which everything had come before it. */
    private record Waiting(MarketUpdate update, long complete) {}

    ShardLine(int shard, String writer, String last) {
        this.shard = shard;
        this.writer = writer;
        this.last = last;
    }

    int shard() {
        return shard;
    }

    void add(MarketUpdate update, long complete) {
        waiting.add(new Waiting(update, complete));
    }

    boolean isIdle() {
        return out == null;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** A clock that steps back must not silence a shard until it is where it was: then a beat is due, too. */
    boolean isBeatDue(long now, int beatMs) {
        return now < beatAt || beatAt == Long.MIN_VALUE || now - beatAt >= beatMs;
    }

    /** The next call: as much as one may carry, and a beat when it is due. */
    Call next(Shards shards, RedisConfig config, long complete, long now) {
        List<MarketUpdate> batch = new ArrayList<>(Math.min(waiting.size(), config.batchMax()));
        while (batch.size() < config.batchMax() && !waiting.isEmpty()) {
            batch.add(waiting.remove().update());
        }
        long due = -1;
        if (isBeatDue(now, config.beatMs())) {
            Waiting first = waiting.peek();
            due = Math.max(first == null ? complete : first.complete(), 0);
            beatAt = now;
        }
        Call call = new Call(shards, config, shard, writer, ++calls, last, due, now, batch);
        out = call;
        return call;
    }

    /** The call that is out was applied, and the stream now ends here. */
    void confirmed(Call call, String last) {
        if (call != out) {
            throw new IllegalStateException("shard " + shard + ": an answer to a call that is not the one in flight");
        }
        out = null;
        this.last = last;
        beat = Math.max(beat, call.beat());
    }

    String last() {
        return last;
    }

    String writer() {
        return writer;
    }

    /** Log time up to which readers know this shard to be complete, 0 before the first. */
    long beat() {
        return beat;
    }
}
