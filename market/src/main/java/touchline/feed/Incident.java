package touchline.feed;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened on the pitch. The same {@code id} may come again with another type or state (a goal under
 * review becomes a goal): it replaces what was said before.
 *
 * @param id the source's own, unique within match and source
 * @param at when it happened, ms UTC
 */
public record Incident(String id, Type type, @Nullable Side side, State state, long at) {

    /** What happened. */
    public enum Type {
        GOAL,
        POSSIBLE_GOAL,
        PENALTY,
        RED_CARD,
        YELLOW_CARD,
        VAR,
        CORNER,
        OTHER
    }

    /** Whose it is. */
    public enum Side {
        HOME,
        AWAY
    }

    /** How far it is. */
    public enum State {
        /** Not decided yet: a check that runs, a penalty not taken. */
        OPEN,
        /** It stands. */
        CONFIRMED,
        /** It was taken back. */
        CANCELLED
    }
}
