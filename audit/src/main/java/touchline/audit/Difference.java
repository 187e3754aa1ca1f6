package touchline.audit;

/**
 * Something that Redis holds or said and the fold of the log does not, or the other way round.
 *
 * @param match empty when it is about a whole shard
 * @param position as text, empty when none is concerned
 * @param detail what is there and what should be
 */
public record Difference(Kind kind, String match, String position, String detail) {

    /** Where it was found. */
    public enum Kind {
        /** An update in a stream has other content than the fold's at the same position. */
        UPDATE,
        /** A position in a stream that the fold never reaches. */
        NEVER_DECIDED,
        /** The fold's position is covered by the shard's beat, and Redis does not have it. */
        MISSING,
        /** A match's hash has other cells than the fold at the same position. */
        CELLS,
        /** A checksum in a match's hash is not that of its cells. */
        SUM,
        /** A match's hash is behind its own stream, or at a position that the fold never reaches. */
        POSITION,
        /** A stream lost an entry, or its order is broken. */
        STREAM,
        /** A shard's index and its hashes name different matches. */
        INDEX
    }

    @Override
    public String toString() {
        return kind + (match.isEmpty() ? "" : " " + match) + (position.isEmpty() ? "" : " at " + position) + ": "
                + detail;
    }
}
