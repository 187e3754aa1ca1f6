package touchline.feed;

/**
 * An operator said that a provider's match is (or no longer is) another match. Written to both keys: under the
 * provider's match with {@code direction} {@code TO} and {@code other} = the canonical match, and under the canonical
 * match with {@code FROM} and {@code other} = the provider's match.
 */
public record Link(Direction direction, String other, boolean linked) implements Body {

    /** Seen from the record's own match: does it point to the other one, or does the other one point here? */
    public enum Direction {
        TO,
        FROM
    }
}
