package touchline.simulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.simulator.FeedLogModel.Entry;

/**
 * Reads some partitions, and gives each record its log time: the largest time stamp of its partition so far, which a
 * checkpoint keeps. Watermarks follow the raw time stamps, per partition.
 */
final class SourceTask extends Task {

    private static final long IDLE_MS = 400;
    private static final long NEVER = Long.MIN_VALUE + 1;

    private final List<Integer> partitions = new ArrayList<>();
    private final int[] next;
    private final long[] maxima;
    private final long[] largest;
    private final long[] readAt;
    private final int place;
    private long marked = NEVER;
    private long toSnapshot;

    SourceTask(AttemptModel attempt, int place, int of, @Nullable Checkpoint from) {
        super(attempt, 0);
        this.place = place;
        int all = chain.log.partitions();
        next = from == null ? new int[all] : from.offsets.clone();
        maxima = from == null || chain.has(Flaw.LOG_TIME_NOT_IN_CHECKPOINT) ? new long[all] : from.maxima.clone();
        largest = new long[all];
        readAt = new long[all];
        for (int partition = 0; partition < all; partition++) {
            largest[partition] = NEVER;
            readAt[partition] = chain.time.now();
            if (partition % of == place) {
                partitions.add(partition);
            }
        }
    }

    void snapshot(long checkpoint) {
        toSnapshot = checkpoint;
        wake();
    }

    void write(int[] offsets, long[] maxima) {
        int back = chain.has(Flaw.OFFSETS_BEHIND_BOOKS) ? 2 : 0;
        for (int partition : partitions) {
            offsets[partition] = Math.max(0, next[partition] - back);
            maxima[partition] = this.maxima[partition];
        }
    }

    @Override
    boolean work(int elements) {
        if (toSnapshot > 0) {
            long id = toSnapshot;
            toSnapshot = 0;
            attempt.acknowledge(id, this);
            attempt.markets().forEach(market -> market.put(place, new Barrier(id)));
        }
        for (int i = 0; i < elements; i++) {
            int partition = readable();
            if (partition < 0) {
                break;
            }
            read(partition);
            if (chain.oneIn(3)) {
                tellMark();
            }
        }
        tellMark();
        return readable() >= 0;
    }

    private int readable() {
        int from = chain.random.nextInt(partitions.size());
        for (int i = 0; i < partitions.size(); i++) {
            int partition = partitions.get((from + i) % partitions.size());
            if (next[partition] < chain.log.entries(partition).size()) {
                long away = chain.log.away(partition);
                if (away == 0) {
                    return partition;
                }
                chain.time.in(away, this::wake);
            }
        }
        return -1;
    }

    private void read(int partition) {
        Entry entry = chain.log.entries(partition).get(next[partition]++);
        maxima[partition] = Math.max(maxima[partition], entry.timestamp());
        largest[partition] = Math.max(largest[partition], entry.timestamp());
        readAt[partition] = chain.time.now();
        if (entry.match() != null) {
            attempt.market(entry.match()).put(place, new Told(entry, maxima[partition]));
        }
    }

    private void tellMark() {
        long least = Long.MAX_VALUE;
        for (int partition : partitions) {
            boolean idle = chain.has(Flaw.IDLE_PARTITIONS_LEFT_OUT) && chain.time.now() - readAt[partition] > IDLE_MS;
            if (!idle) {
                least = Math.min(least, largest[partition]);
            }
        }
        if (least != Long.MAX_VALUE && least > marked) {
            marked = least;
            // As the job has it: up to just before the largest, since more may come with the same time.
            Mark mark = new Mark(least - 1);
            attempt.markets().forEach(market -> market.put(place, mark));
        }
    }
}
