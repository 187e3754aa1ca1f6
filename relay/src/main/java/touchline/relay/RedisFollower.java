package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.redislink.RedisAddress;
import touchline.redislink.RedisDialer;
import touchline.update.Shards;

/**
 * Follows all shards of a Redis and tells a listener, on one thread of its own. It begins whether or not Redis is there,
 * goes on through restarts, failovers and wipes, also into another count of shards, and ends only when it is closed.
 *
 * <p>Each shard waits for its entries on a connection of its own: a Cluster needs that, an entry then never waits for the
 * answer to another shard, and a key that somebody spoilt silences its own shard only. Two further connections serve all:
 * one for the beats, which nothing delays, one for images.
 */
final class RedisFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisFollower.class);
    private static final long LOOK_MS = 250;
    private static final long LONGEST_WAIT_MS = 500;
    private static final long CLOSE_MS = 5_000;

    private final RedisDialer dialer;
    private final ShardListener listener;
    private final FollowerMetrics metrics;
    private final Mailbox mailbox;
    private final Thread thread;
    private final Line watch;
    private final Line images;
    private final long waitMs;
    private final Sparingly waiting = new Sparingly();
    private List<ShardTail> tails = List.of();
    private @Nullable Shards shards;

    private RedisFollower(RedisAddress address, ShardListener listener, FollowerMetrics metrics) {
        this.listener = new GuardedListener(listener);
        this.metrics = metrics;
        // A wait must be over before it counts as not answered.
        waitMs = Math.max(1, Math.min(LONGEST_WAIT_MS, address.timeoutMs() / 2));
        dialer = new RedisDialer(address, false);
        watch = new Line(dialer, metrics::dialled);
        images = new Line(dialer, metrics::dialled);
        mailbox = new Mailbox(this.listener::flush);
        thread = new Thread(mailbox, "touchline-follower");
        thread.setDaemon(true);
    }

    /**
     * Begins to follow; Redis need not be there yet.
     *
     * @throws IllegalArgumentException when the password or the authorities cannot be read
     */
    static RedisFollower start(RedisAddress address, ShardListener listener, FollowerMetrics metrics) {
        RedisFollower follower = new RedisFollower(address, listener, metrics);
        follower.mailbox.post(follower::look);
        follower.thread.start();
        return follower;
    }

    /** False only when it was closed, or by an error of the machine as no memory. */
    boolean isAlive() {
        return thread.isAlive();
    }

    private void look() {
        watch.ask(redis -> redis.commands().get(Shards.COUNT_KEY))
                .whenComplete((count, failure) -> mailbox.post(() -> looked(count, failure)));
        tails.forEach(ShardTail::look);
    }

    private void looked(byte @Nullable [] count, @Nullable Throwable failure) {
        mailbox.later(LOOK_MS, this::look);
        if (failure != null) {
            waiting("Redis: " + Line.reason(failure));
        } else if (count == null) {
            waiting("Redis has no key " + Shards.COUNT_KEY + ": the market job has not written to it");
        } else {
            lay(new String(count, UTF_8));
        }
    }

    private void waiting(String reason) {
        if (waiting.now()) {
            log.warn("event=follower_waiting following={} reason=\"{}\"", shards != null, reason);
        }
    }

    private void lay(String count) {
        Shards known = shards;
        if (known != null && count.equals(Integer.toString(known.count()))) {
            return;
        }
        Shards laid;
        try {
            laid = new Shards(Integer.parseInt(count));
        } catch (IllegalArgumentException e) {
            waiting(Shards.COUNT_KEY + "=" + count + ": " + e.getMessage());
            return;
        }
        log.info("event=follower_shards count={} before={}", laid.count(), known == null ? 0 : known.count());
        tails.forEach(ShardTail::close);
        shards = laid;
        metrics.shards(laid.count());
        listener.shards(laid.count());
        List<ShardTail> fresh = new ArrayList<>();
        for (int shard = 0; shard < laid.count(); shard++) {
            ShardTail.Lines lines = new ShardTail.Lines(new Line(dialer, metrics::dialled), images, watch);
            Teller teller = new Teller(shard, listener, metrics);
            fresh.add(new ShardTail(shard, laid, waitMs, mailbox, lines, teller, metrics));
        }
        tails = fresh;
        tails.forEach(ShardTail::begin);
    }

    @Override
    public void close() {
        mailbox.close();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dialer.close();
    }
}
