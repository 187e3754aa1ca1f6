package touchline.relay;

import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.update.MarketUpdate;

/** Tells the listener of one shard, and counts. Confined to the mailbox's thread. */
final class Teller {

    private static final Logger log = LoggerFactory.getLogger(Teller.class);

    private final int shard;
    private final ShardListener listener;
    private final FollowerMetrics metrics;
    private final Sparingly unreadable = new Sparingly();
    private boolean away;

    Teller(int shard, ShardListener listener, FollowerMetrics metrics) {
        this.shard = shard;
        this.listener = listener;
        this.metrics = metrics;
    }

    /** @return false when the match's image must be read again */
    boolean update(MarketUpdate update) {
        if (update.times().published() > 0) {
            metrics.published(shard, update.times().published());
        }
        return listener.update(shard, update);
    }

    /** @return false when the hash is not that of a match, or is spoilt */
    boolean image(String match, Map<String, byte[]> fields) {
        MarketUpdate image;
        try {
            image = MatchImage.of(match, fields);
        } catch (IllegalArgumentException e) {
            unreadable("match=" + match, String.valueOf(e.getMessage()));
            return false;
        }
        if (!listener.image(shard, image)) {
            unreadable("match=" + match, "its checksums are not those of its cells");
            return false;
        }
        return true;
    }

    void complete(Set<String> matches) {
        back();
        metrics.state(shard, ShardState.FOLLOWING);
        listener.complete(shard, matches);
    }

    void beat(ShardHead head) {
        metrics.beat(shard, head.beatMs());
        listener.beat(shard, head.beatMs(), head.generation());
    }

    void loading() {
        if (!away) {
            metrics.state(shard, ShardState.LOADING);
        }
    }

    void away(String reason) {
        if (!away) {
            away = true;
            metrics.state(shard, ShardState.AWAY);
            listener.away(shard, reason);
        }
    }

    /** @return whether it was away */
    boolean back() {
        boolean was = away;
        if (was) {
            away = false;
            metrics.state(shard, ShardState.FOLLOWING);
            log.info("event=shard_back shard={}", shard);
        }
        return was;
    }

    /** An entry or a hash that is not ours. */
    void unreadable(String what, String why) {
        metrics.unreadable();
        if (unreadable.now()) {
            log.warn(
                    "event=unreadable shard={} {} count={} reason=\"{}\"",
                    shard,
                    what,
                    unreadable.count(),
                    why.lines().findFirst().orElse(""));
        }
    }
}
