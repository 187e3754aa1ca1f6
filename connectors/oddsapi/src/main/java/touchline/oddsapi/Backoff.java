package touchline.oddsapi;

import java.util.random.RandomGenerator;

/** Pauses between attempts: anything from nothing to a bound that doubles, so that many callers do not return at once. */
record Backoff(long baseMs, long maxMs, RandomGenerator random) {

    /** @param failures attempts that failed before the last one */
    long pauseMs(int failures) {
        long bound = Math.min(maxMs, baseMs << Math.min(failures, 20));
        return random.nextLong(bound + 1);
    }
}
