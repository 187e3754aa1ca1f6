package touchline.feed;

/**
 * The score as the source has it.
 *
 * @param completed the source says that the match is over
 * @param at when the source last confirmed it, ms UTC
 */
public record Score(int home, int away, boolean completed, long at) {}
