package touchline.relay;

import java.util.HashMap;
import java.util.Map;
import touchline.update.Shards;

/**
 * The matches of a shard for which what is held does not fit what was said: each match's hash is read again, with a pause
 * that grows while that does not help, and the rest of the shard goes on. Confined to the mailbox's thread.
 */
final class Doubts {

    private static final long FIRST_MS = 100;
    private static final long LONGEST_MS = 30_000;

    /** Takes a match's hash. */
    @FunctionalInterface
    interface Taker {
        /** @return whether that settles it */
        boolean take(String match, Map<String, byte[]> fields);
    }

    private static final class Doubt {
        private final Pause pause = new Pause(FIRST_MS, LONGEST_MS);
        /** Raised again while its hash was being read, which may be too old then. */
        private boolean again;
    }

    private final Line images;
    private final Shards shards;
    private final Mailbox mailbox;
    private final Taker taker;
    private final FollowerMetrics metrics;
    private final Map<String, Doubt> open = new HashMap<>();

    Doubts(Line images, Shards shards, Mailbox mailbox, Taker taker, FollowerMetrics metrics) {
        this.images = images;
        this.shards = shards;
        this.mailbox = mailbox;
        this.taker = taker;
        this.metrics = metrics;
    }

    void now(String match) {
        Doubt known = open.get(match);
        if (known != null) {
            known.again = true;
            return;
        }
        Doubt doubt = new Doubt();
        open.put(match, doubt);
        read(match, doubt);
    }

    void later(String match) {
        Doubt doubt = new Doubt();
        open.put(match, doubt);
        retry(match, doubt);
    }

    void clear() {
        open.clear();
    }

    private void read(String match, Doubt doubt) {
        metrics.doubted();
        doubt.again = false;
        images.ask(redis -> redis.commands().hgetall(shards.matchKey(match)))
                .whenComplete((fields, failure) -> mailbox.post(() -> {
                    if (open.get(match) != doubt) {
                        return;
                    }
                    boolean settled = failure == null && !fields.isEmpty() && taker.take(match, fields);
                    if (settled && !doubt.again) {
                        open.remove(match);
                    } else {
                        retry(match, doubt);
                    }
                }));
    }

    private void retry(String match, Doubt doubt) {
        mailbox.later(doubt.pause.nextMs(), () -> {
            if (open.get(match) == doubt) {
                read(match, doubt);
            }
        });
    }
}
