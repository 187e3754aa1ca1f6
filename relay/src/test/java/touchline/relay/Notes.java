package touchline.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;

/** Holds what a follower tells, as strictly as a board: whatever does not fit is refused, and breaches are kept. */
class Notes implements ShardListener {

    record Held(Position position, Map<String, String> cells) {}

    private final Map<String, Held> held = new HashMap<>();
    private final Map<Integer, Long> beats = new HashMap<>();
    private final Map<Integer, Long> generations = new HashMap<>();
    private final Map<Integer, Set<String>> complete = new HashMap<>();
    private final Map<Integer, Integer> completions = new HashMap<>();
    private final Map<Integer, String> away = new HashMap<>();
    private final List<String> breaches = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private int shards;
    private int flushes;
    private int refused;
    private @Nullable Thread thread;
    private boolean dropped;

    @Override
    public synchronized void shards(int count) {
        shards = count;
        complete.clear();
        beats.clear();
    }

    @Override
    public synchronized boolean update(int shard, MarketUpdate update) {
        own();
        away.remove(shard);
        told.add(update.match() + " " + update.position());
        Held before = held.get(update.match());
        Position at = update.position();
        if (before != null && at.compareTo(before.position()) <= 0) {
            return true;
        }
        if (update.kind() != MarketUpdate.Kind.PATCH) {
            return take(update, new TreeMap<String, String>(update.set()));
        }
        if (before == null || !before.position().next().equals(at)) {
            refused++;
            return false;
        }
        Map<String, String> cells = new TreeMap<>(before.cells());
        cells.putAll(update.set());
        update.del().forEach(cells::remove);
        return take(update, cells);
    }

    @Override
    public synchronized boolean image(int shard, MarketUpdate image) {
        own();
        away.remove(shard);
        Held before = held.get(image.match());
        if (before != null && image.position().compareTo(before.position()) <= 0) {
            return true;
        }
        return take(image, new TreeMap<String, String>(image.set()));
    }

    private boolean take(MarketUpdate update, Map<String, String> cells) {
        Map<String, @Nullable String> sums = Story.sums(cells);
        for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
            if (!String.valueOf(sums.get(sum.getKey())).equals(String.valueOf(sum.getValue()))) {
                refused++;
                return false;
            }
        }
        held.put(update.match(), new Held(update.position(), cells));
        return true;
    }

    @Override
    public synchronized void complete(int shard, Set<String> matches) {
        own();
        away.remove(shard);
        complete.put(shard, Set.copyOf(matches));
        completions.merge(shard, 1, Integer::sum);
        held.keySet().removeIf(match -> new Shards(shards).of(match) == shard && !matches.contains(match));
    }

    @Override
    public synchronized void beat(int shard, long beatMs, long generation) {
        own();
        away.remove(shard);
        if (!complete.containsKey(shard)) {
            breaches.add("a beat before the images of shard " + shard);
        }
        beats.put(shard, beatMs);
        generations.put(shard, generation);
    }

    @Override
    public synchronized void away(int shard, String reason) {
        own();
        away.put(shard, reason);
    }

    @Override
    public synchronized void flush() {
        own();
        flushes++;
    }

    private void own() {
        Thread here = Thread.currentThread();
        if (thread == null) {
            thread = here;
        } else if (thread != here) {
            breaches.add("told on " + here + " and on " + thread);
        }
        if (dropped) {
            breaches.add("told after the close");
        }
    }

    synchronized void closed() {
        dropped = true;
    }

    synchronized boolean holds(Story story) {
        return new Held(story.position(), story.cells()).equals(held.get(story.match()));
    }

    synchronized @Nullable Held held(String match) {
        return held.get(match);
    }

    synchronized boolean isComplete() {
        return shards > 0 && complete.size() == shards;
    }

    synchronized int shards() {
        return shards;
    }

    synchronized long beat(int shard) {
        return beats.getOrDefault(shard, -2L);
    }

    synchronized long generation(int shard) {
        return generations.getOrDefault(shard, -2L);
    }

    synchronized int completions(int shard) {
        return completions.getOrDefault(shard, 0);
    }

    synchronized Map<Integer, String> away() {
        return Map.copyOf(away);
    }

    synchronized List<String> breaches() {
        return List.copyOf(breaches);
    }

    synchronized List<String> told() {
        return List.copyOf(told);
    }

    synchronized int flushes() {
        return flushes;
    }

    synchronized int refused() {
        return refused;
    }
}
