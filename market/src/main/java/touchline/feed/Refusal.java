package touchline.feed;

/** Why something was refused. Every refusal has exactly one reason; it is counted and the payload is kept. */
public enum Refusal {
    /** Not JSON, cut off, or an object that has a field twice. */
    NOT_JSON,
    /** Above the size bound. */
    TOO_LARGE,
    /** A required field is missing or null. */
    MISSING_FIELD,
    /** A field has another type than the contract says. */
    WRONG_TYPE,
    /** A record kind that this version does not know. */
    UNKNOWN_KIND,
    /** An id that is empty, too long, or has characters outside the contract. */
    BAD_ID,
    /** A match without two teams. */
    NO_TEAMS,
    /** A price that is not a number, or outside the bounds. */
    PRICE_OUT_OF_BOUNDS,
    /** A line that is not a multiple of 0.25, outside the bounds, or different on the two sides. */
    LINE_OUT_OF_BOUNDS,
    /** The same outcome twice. */
    DUPLICATE_OUTCOME,
    /** An outcome that the market does not have. */
    UNKNOWN_OUTCOME,
    /** A market that lacks an outcome (a two-way price under a three-way key). */
    INCOMPLETE_OUTCOMES,
    /** The implied probabilities add up to something no bookmaker offers. */
    BOOKSUM_OUT_OF_BOUNDS,
    /** A market that nobody asked for. */
    UNKNOWN_MARKET,
    /** A score that is not a number or outside the bounds. */
    SCORE_OUT_OF_BOUNDS,
    /** A time stamp too far in the future. */
    STAMP_IN_FUTURE,
    /** More markets, bookmakers or incidents than the bound. */
    TOO_MANY,
    /** Nothing is known of this match: only a fixture or a manual document creates a book. */
    UNKNOWN_MATCH,
    /** The match is over. */
    MATCH_ENDED,
    /** The match is kept under another id. */
    MATCH_MOVED,
    /** The record lies in a partition that is not its key's. */
    WRONG_PARTITION,
    /** An invariant broke while the record was applied; the book is quarantined. */
    FAULT
}
