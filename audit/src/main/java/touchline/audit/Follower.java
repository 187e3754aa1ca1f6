package touchline.audit;

import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/**
 * A reader as a client's relay is one: follows every shard's stream from its beginning, holds every match, and counts
 * whatever breaks the promises to readers (order, checksums, a whole chain). Where it cannot follow, it reads the
 * match's hash again and goes on. It reads on through a Redis that is away, and never stops by itself.
 */
public final class Follower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Follower.class);
    private static final Duration WAIT = Duration.ofMillis(250);
    private static final long RETRY_MS = 200;
    private static final long BEATS_MS = 1_000;

    /** Hears every update in the order in which it was read, on the follower's thread. */
    @FunctionalInterface
    public interface Listener {
        /** @param readAt wall clock, ms */
        void read(MarketUpdate update, long readAt);
    }

    private final String uri;
    private final Shards shards;
    private final Tally tally;
    private final Listener listener;
    private final Map<String, ShardReader> readers = new HashMap<>();
    private final Map<String, String> cursors = new LinkedHashMap<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile long beatAgeMs = -1;
    private long beatsReadAt;

    private Follower(String uri, int shardCount, Tally tally, Listener listener) {
        this.uri = uri;
        this.shards = new Shards(shardCount);
        this.tally = tally;
        this.listener = listener;
        for (int shard = 0; shard < shardCount; shard++) {
            readers.put(shards.streamKey(shard), new ShardReader(shard, tally));
            cursors.put(shards.streamKey(shard), Entry.BEGINNING);
        }
        thread = new Thread(this::follow, "touchline-follower");
        thread.setDaemon(true);
    }

    /** Begins to follow; Redis need not be there yet. */
    public static Follower start(String uri, int shardCount, Tally tally, Listener listener) {
        Follower follower = new Follower(uri, shardCount, tally, listener);
        follower.thread.start();
        return follower;
    }

    private void follow() {
        while (!closed) {
            try (RedisReader redis = RedisReader.open(uri, shards)) {
                while (!closed) {
                    read(redis);
                }
            } catch (RuntimeException e) {
                if (!closed) {
                    log.warn("event=follower_retry reason=\"{}\"", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void read(RedisReader redis) {
        List<StreamMessage<String, byte[]>> messages = redis.next(cursors, WAIT);
        long now = System.currentTimeMillis();
        readBeats(redis, now);
        for (StreamMessage<String, byte[]> message : messages) {
            ShardReader reader = readers.get(message.getStream());
            if (reader == null) {
                throw new IllegalStateException(
                        "an answer for a stream that was not asked for: " + message.getStream());
            }
            cursors.put(message.getStream(), message.getId());
            take(redis, reader, message, now);
        }
    }

    private void readBeats(RedisReader redis, long now) {
        if (now - beatsReadAt < BEATS_MS) {
            return;
        }
        beatsReadAt = now;
        long oldest = Long.MAX_VALUE;
        for (int shard = 0; shard < shards.count(); shard++) {
            oldest = Math.min(oldest, redis.beat(shard));
        }
        beatAgeMs = oldest < 0 ? -1 : Math.max(0, now - oldest);
    }

    /** How far the oldest shard's beat was behind when last looked at, ms; -1 before all shards had one. */
    public long beatAgeMs() {
        return beatAgeMs;
    }

    private void take(RedisReader redis, ShardReader reader, StreamMessage<String, byte[]> message, long now) {
        Entry entry;
        try {
            entry = RedisReader.entry(message);
        } catch (IllegalArgumentException e) {
            tally.unreadable(reader.shard(), message.getId(), String.valueOf(e.getMessage()));
            return;
        }
        boolean follows = reader.follows(entry);
        if (!follows) {
            // Anything may have happened to any match of the shard: what is held is worth nothing.
            reader.replicas().clear();
        }
        Verdict verdict = reader.take(entry);
        if (verdict == Verdict.GAP || verdict == Verdict.UNFOLLOWED || verdict == Verdict.CHECKSUM) {
            reload(redis, reader, entry.update().match());
        }
        listener.read(entry.update(), now);
    }

    private void reload(RedisReader redis, ShardReader reader, String match) {
        MatchHash hash = redis.hash(match);
        if (hash != null) {
            reader.replica(match).load(hash.position(), hash.cells(), false);
            tally.reloaded();
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            // The thread is inside a read of at most WAIT; its connection closes with it.
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
