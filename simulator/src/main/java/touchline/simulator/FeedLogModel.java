package touchline.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.RefusedException;

/**
 * The topic {@code feed}: partitions that only grow, records by their match's key, ticks without one, and time stamps by
 * the clocks of brokers, which step back and forth.
 */
final class FeedLogModel {

    /**
     * @param appendedAt virtual time
     * @param match the key, null for a tick
     * @param record null where the payload cannot be read
     * @param ordinal how many entries of the match came before it
     */
    record Entry(
            int partition,
            int offset,
            long timestamp,
            long appendedAt,
            @Nullable String match,
            @Nullable FeedRecord record,
            @Nullable String payload,
            int ordinal) {

        /** What the payload says. */
        FeedRecord read() throws RefusedException {
            if (record != null) {
                return record;
            }
            return FeedJson.read((payload == null ? "" : payload).getBytes(UTF_8));
        }

        @Override
        public String toString() {
            return partition + "@" + offset;
        }
    }

    private final Chain chain;
    private final List<List<Entry>> partitions = new ArrayList<>();
    private final long[] clockAhead;
    /** Nobody can read a partition whose leader is away. */
    private final long[] awayUntil;

    private final Map<String, Integer> ordinals = new HashMap<>();

    FeedLogModel(Chain chain, int partitions) {
        this.chain = chain;
        clockAhead = new long[partitions];
        awayUntil = new long[partitions];
        for (int i = 0; i < partitions; i++) {
            this.partitions.add(new ArrayList<>());
        }
    }

    int partitions() {
        return partitions.size();
    }

    int partitionOf(String match) {
        return Math.floorMod(match.hashCode(), partitions.size());
    }

    List<Entry> entries(int partition) {
        return partitions.get(partition);
    }

    void append(FeedRecord record) {
        append(partitionOf(record.match()), record.match(), record, null);
    }

    void appendPayload(String match, String payload) {
        append(partitionOf(match), match, null, payload);
    }

    void tick(int partition) {
        append(partition, null, null, null);
    }

    private void append(int partition, @Nullable String match, @Nullable FeedRecord record, @Nullable String payload) {
        List<Entry> log = partitions.get(partition);
        long now = chain.time.now();
        int ordinal = match == null ? 0 : ordinals.merge(match, 1, Integer::sum) - 1;
        Entry entry =
                new Entry(partition, log.size(), now + clockAhead[partition], now, match, record, payload, ordinal);
        log.add(entry);
        if (chain.trace.on && match != null) {
            chain.trace.say(
                    match,
                    "log " + entry + " t=" + chain.trace.at(entry.timestamp) + " " + Trace.show(record, payload));
        }
        chain.jobs.grown(partition);
    }

    /** The broker's clock is so far ahead from now on, behind where negative. */
    void clock(int partition, long aheadMs) {
        clockAhead[partition] = aheadMs;
    }

    void away(int partition, long ms) {
        awayUntil[partition] = chain.time.now() + ms;
    }

    /** When the partition can be read again, ms from now; 0 for now. */
    long away(int partition) {
        return Math.max(0, awayUntil[partition] - chain.time.now());
    }

    /** Every broker is back and knows the time. */
    void heal() {
        for (int i = 0; i < clockAhead.length; i++) {
            clockAhead[i] = 0;
            awayUntil[i] = 0;
        }
    }
}
