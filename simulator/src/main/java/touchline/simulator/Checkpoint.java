package touchline.simulator;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import touchline.book.MapStore;

/**
 * What a completed checkpoint of the market job holds.
 *
 * @param attempt counts restores, as the operator does
 * @param offsets per partition the next entry to read
 * @param maxima per partition the largest time stamp so far
 */
record Checkpoint(int generation, long attempt, int[] offsets, long[] maxima, Map<String, Keyed> books) {

    /** All that the job keeps of a match: its book, and the operator's own. */
    static final class Keyed {
        final MapStore store;
        /** In which it last sent its image. */
        long attempt;
        /** How many entries of the match it has taken. */
        int taken;
        /** The last timer that was asked for, and all that are pending. */
        long timer = Long.MAX_VALUE;

        final SortedSet<Long> timers;

        Keyed() {
            this(new MapStore(), new TreeSet<>());
        }

        private Keyed(MapStore store, SortedSet<Long> timers) {
            this.store = store;
            this.timers = timers;
        }

        Keyed copy() {
            Keyed copy = new Keyed(store.copy(), new TreeSet<>(timers));
            copy.attempt = attempt;
            copy.taken = taken;
            copy.timer = timer;
            return copy;
        }
    }
}
