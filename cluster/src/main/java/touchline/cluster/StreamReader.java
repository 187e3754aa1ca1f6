package touchline.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import touchline.audit.Follower;
import touchline.audit.Tally;
import touchline.update.MarketUpdate;

/** A subscriber of Redis itself: reads all streams from their beginning on, and verifies every update. */
final class StreamReader implements AutoCloseable {

    private final Tally tally = new Tally();
    private final Arrivals arrivals = new Arrivals();
    private final Map<String, Set<String>> epochs = new ConcurrentHashMap<>();
    private final Follower follower;
    private volatile long newFrom = Long.MAX_VALUE;

    StreamReader(String redis) {
        follower = Follower.start(redis, 16, tally, this::read);
    }

    private void read(MarketUpdate update, long at) {
        // New is what ingest read after the fault: not what was on its way, and no wake-up for want of news.
        if (update.times().ingest() >= newFrom) {
            arrivals.add(at);
        }
        String position = update.position().toString();
        epochs.computeIfAbsent(update.match(), match -> new ConcurrentSkipListSet<>())
                .add(position.substring(0, position.indexOf('-')));
    }

    void begin(long at) {
        arrivals.begin(at);
        newFrom = at;
    }

    Tally tally() {
        return tally;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    long beatAgeMs() {
        return follower.beatAgeMs();
    }

    /** The epochs of each match. */
    Map<String, Set<String>> epochs() {
        return epochs;
    }

    @Override
    public void close() {
        follower.close();
    }
}
