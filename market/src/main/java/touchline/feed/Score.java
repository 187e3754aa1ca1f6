package touchline.feed;

import org.jspecify.annotations.Nullable;

/**
 * The score as the source has it. Without numbers (both null) it says no more than whether the match is over: the source
 * gives none at the end, or some that are no numbers; one that is not completed either means that there is a score which
 * nobody can read.
 *
 * @param completed the source says that the match is over
 * @param at when the source last confirmed it, ms UTC
 */
public record Score(@Nullable Integer home, @Nullable Integer away, boolean completed, long at) {

    public Score {
        if ((home == null) != (away == null)) {
            throw new IllegalArgumentException("score home=" + home + " away=" + away + ": both sides or none");
        }
    }

    /** There is a score, or the match is over, and more cannot be said. */
    public static Score withoutNumbers(boolean completed, long at) {
        return new Score(null, null, completed, at);
    }

    public boolean hasNumbers() {
        return home != null;
    }

    /** What this says after what was said before: the end of a match does not take its numbers away. */
    public Score after(@Nullable Score before) {
        if (!completed || home != null || before == null) {
            return this;
        }
        return new Score(before.home, before.away, true, at);
    }
}
