package touchline.simulator;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import touchline.book.MapStore;

/** What a completed checkpoint of the market job holds. */
final class Checkpoint {

    final int generation;
    /** Counts restores, as the operator does. */
    final long attempt;
    /** Per partition the next entry to read. */
    final int[] offsets;
    /** Per partition the largest time stamp so far. */
    final long[] maxima;

    final Map<String, Keyed> books;

    Checkpoint(int generation, long attempt, int[] offsets, long[] maxima, Map<String, Keyed> books) {
        this.generation = generation;
        this.attempt = attempt;
        this.offsets = offsets;
        this.maxima = maxima;
        this.books = books;
    }

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
