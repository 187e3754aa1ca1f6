package touchline.bench;

/**
 * A page's clock ({@code performance.timeOrigin + performance.now()}) against {@link System#nanoTime}, from round trips. Each
 * bounds the difference from both sides: what the page said, it said between the question and the answer. Both clocks are the
 * machine's monotonic one underneath, so all round trips bound the same difference, and the narrowest of both sides hold.
 */
final class PageClock {

    /** A page is told the time in steps of so much, rounded down, ns. */
    private static final long STEP_NANOS = 100_000;

    private static final int ROUNDS = 300;

    private long low = Long.MIN_VALUE;
    private long high = Long.MAX_VALUE;

    void compare(Chromium browser) {
        for (int i = 0; i < ROUNDS; i++) {
            long before = System.nanoTime();
            long said = nanos(
                    browser.js("performance.timeOrigin + performance.now()").doubleValue());
            long after = System.nanoTime();
            low = Math.max(low, said - after);
            high = Math.min(high, said + STEP_NANOS - before);
        }
        if (low > high) {
            throw new IllegalStateException("the page's clock went off by " + (low - high) + " ns");
        }
    }

    /** @param pageMs as the page told it @return as {@link System#nanoTime} */
    long nanoTime(double pageMs) {
        return nanos(pageMs) - middle();
    }

    /** How far the page's clock is ahead of this process's wall clock, ns. */
    long aheadNanos() {
        java.time.Instant now = java.time.Instant.now();
        long wall = now.getEpochSecond() * 1_000_000_000 + now.getNano();
        return middle() - (wall - System.nanoTime());
    }

    /** By how much that may be wrong, ns. */
    long uncertaintyNanos() {
        return (high - low) / 2;
    }

    private long middle() {
        return low + (high - low) / 2;
    }

    private static long nanos(double ms) {
        return (long) (ms * 1e6);
    }
}
