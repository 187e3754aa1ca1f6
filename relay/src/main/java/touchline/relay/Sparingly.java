package touchline.relay;

/** Lets something be said once a minute, and counts how often it was so. */
final class Sparingly {

    private static final long APART_NANOS = 60_000_000_000L;

    private long count;
    private long saidAt;

    /** One more; may it be said? */
    boolean now() {
        long now = System.nanoTime();
        if (count++ > 0 && now - saidAt < APART_NANOS) {
            return false;
        }
        saidAt = now;
        return true;
    }

    long count() {
        return count;
    }
}
