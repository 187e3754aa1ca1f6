package touchline.simulator;

import java.util.PriorityQueue;

/** Virtual time and what is due in it, in the order of time and then of asking. Nothing waits, nothing runs at once. */
final class Timeline {

    /** Some moment well after 1970, so that nobody takes a small number for a time. */
    static final long START = 1_700_000_000_000L;

    private record Due(long at, long order, Runnable what) implements Comparable<Due> {

        @Override
        public int compareTo(Due that) {
            int byTime = Long.compare(at, that.at);
            return byTime != 0 ? byTime : Long.compare(order, that.order);
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>(256);
    private long now = START;
    private long order;

    long now() {
        return now;
    }

    /** Since the beginning, ms. */
    long elapsed() {
        return now - START;
    }

    /** How many things have been asked for so far: a measure of how far a run is. */
    long steps() {
        return order;
    }

    void in(long ms, Runnable what) {
        queue.add(new Due(now + Math.max(0, ms), order++, what));
    }

    /** Does what is due next. */
    void step() {
        Due due = queue.remove();
        now = due.at;
        due.what.run();
    }
}
