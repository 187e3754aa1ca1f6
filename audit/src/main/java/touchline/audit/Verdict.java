package touchline.audit;

/** What a reader makes of an update. Only {@link #APPLIED}, {@link #AHEAD} and {@link #COVERED} are as promised. */
public enum Verdict {
    /** It followed what was held, or began an epoch, and its checksums are right. */
    APPLIED,
    /** An image that is further on than the next one: updates before it were never shown, as after a lost Redis. */
    AHEAD,
    /** It is part of an image that was read meanwhile. */
    COVERED,
    /** A patch of a match of which no image was seen: the stream was trimmed before it. */
    UNFOLLOWED,
    /** A patch that does not follow what is held. */
    GAP,
    /** The position that is held already. */
    REPEAT,
    /** A position below the one that is held. */
    STEP_BACK,
    /** Applied, but the cells then have other checksums than the update says. */
    CHECKSUM;

    /** Does it break a promise, wherever reading began? */
    public boolean broken() {
        return this == GAP || this == REPEAT || this == STEP_BACK || this == CHECKSUM;
    }
}
