package touchline.book;

/**
 * One thing that keeps markets suspended.
 *
 * @param stamp when it happened, ms UTC by the clock of whoever told it (an operator: when the log took his word); a
 *     price stamped before never reopens
 * @param until log time before which it holds in any case; {@link #OPEN_ENDED} while it takes a word to lift it
 * @param byOperator told by an operator: his own prices count from the same word on
 */
record Cause(Reason reason, long stamp, long until, boolean byOperator) {

    static final long OPEN_ENDED = Long.MAX_VALUE;

    boolean isOpenEnded() {
        return until == OPEN_ENDED;
    }

    Cause until(long logTime) {
        return new Cause(reason, stamp, logTime, byOperator);
    }

    /** Both: the later stamp, the longer hold, the younger reason. */
    Cause and(Cause later) {
        return new Cause(
                later.reason,
                Math.max(stamp, later.stamp),
                Math.max(until, later.until),
                byOperator && later.byOperator);
    }
}
