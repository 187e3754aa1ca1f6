package touchline.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import touchline.audit.Follower;
import touchline.audit.Tally;
import touchline.update.MarketUpdate;

/** Reads all streams from their beginning and on, and keeps what it saw of each match. */
final class Reader implements AutoCloseable {

    private final Tally tally = new Tally();
    private final Map<String, Set<String>> epochs = new ConcurrentHashMap<>();
    private final Map<String, Integer> updates = new ConcurrentHashMap<>();
    private final Follower follower;

    Reader(String redis) {
        follower = Follower.start(redis, 16, tally, this::read);
    }

    private void read(MarketUpdate update, long at) {
        String position = update.position().toString();
        epochs.computeIfAbsent(update.match(), match -> new ConcurrentSkipListSet<>())
                .add(position.substring(0, position.indexOf('-')));
        updates.merge(update.match(), 1, Integer::sum);
    }

    Tally tally() {
        return tally;
    }

    long beatAgeMs() {
        return follower.beatAgeMs();
    }

    /** The epochs of each match. */
    Map<String, Set<String>> epochs() {
        return epochs;
    }

    /** How many updates of each match. */
    Map<String, Integer> updates() {
        return updates;
    }

    @Override
    public void close() {
        follower.close();
    }
}
