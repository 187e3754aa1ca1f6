package touchline.relay;

import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.update.MarketUpdate;

/** A fault in what listens must not stop the following: it is logged, and what it was about counts as not taken. */
final class GuardedListener implements ShardListener {

    private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

    private final ShardListener listener;

    GuardedListener(ShardListener listener) {
        this.listener = listener;
    }

    @Override
    public void shards(int count) {
        guard("shards=" + count, () -> listener.shards(count));
    }

    @Override
    public boolean update(int shard, MarketUpdate update) {
        try {
            return listener.update(shard, update);
        } catch (RuntimeException e) {
            fault("match=" + update.match() + " position=" + update.position(), e);
            return false;
        }
    }

    @Override
    public boolean image(int shard, MarketUpdate image) {
        try {
            return listener.image(shard, image);
        } catch (RuntimeException e) {
            fault("match=" + image.match() + " position=" + image.position(), e);
            return false;
        }
    }

    @Override
    public void complete(int shard, Set<String> matches) {
        guard("shard=" + shard, () -> listener.complete(shard, matches));
    }

    @Override
    public void beat(int shard, long beatMs, long generation) {
        guard("shard=" + shard, () -> listener.beat(shard, beatMs, generation));
    }

    @Override
    public void away(int shard, String reason) {
        guard("shard=" + shard, () -> listener.away(shard, reason));
    }

    @Override
    public void flush() {
        guard("flush", listener::flush);
    }

    private static void guard(String what, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            fault(what, e);
        }
    }

    private static void fault(String what, RuntimeException e) {
        log.error("event=listener_fault {}", what, e);
    }
}
