package touchline.relay;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What a follower told about itself. */
final class Tally implements FollowerMetrics {

    final List<String> reloads = new CopyOnWriteArrayList<>();
    final AtomicInteger entries = new AtomicInteger();
    final AtomicInteger doubted = new AtomicInteger();
    final AtomicInteger unreadable = new AtomicInteger();
    final AtomicInteger dialled = new AtomicInteger();
    final Map<Integer, ShardState> states = new ConcurrentHashMap<>();

    @Override
    public void shards(int count) {
        states.clear();
    }

    @Override
    public void entries(int shard, int count) {
        entries.addAndGet(count);
    }

    @Override
    public void published(int shard, long publishedMs) {}

    @Override
    public void reload(String reason) {
        reloads.add(reason);
    }

    @Override
    public void doubted() {
        doubted.incrementAndGet();
    }

    @Override
    public void unreadable() {
        unreadable.incrementAndGet();
    }

    @Override
    public void dialled() {
        dialled.incrementAndGet();
    }

    @Override
    public void state(int shard, ShardState state) {
        states.put(shard, state);
    }

    @Override
    public void beat(int shard, long beatMs) {}
}
