package touchline.update;

/**
 * Where a match is in its own history, written {@code <generation>.<created>-<version>}. Generation and created
 * together are the epoch; within it the version rises by exactly one with every update. All below 2^53.
 *
 * @param generation of the rules
 * @param created log time of the record that created the book, ms
 */
public record Position(long generation, long created, long version) implements Comparable<Position> {

    private static final long MAX = 1L << 53;

    public Position {
        if (generation < 0 || created < 0 || version < 0 || generation >= MAX || created >= MAX || version >= MAX) {
            throw new IllegalArgumentException(
                    "not a position, out of range: " + generation + "." + created + "-" + version);
        }
    }

    /** @throws IllegalArgumentException when the text is not a position */
    public static Position parse(String text) {
        int dot = text.indexOf('.');
        int dash = text.indexOf('-', dot + 1);
        if (dot < 1 || dash < dot + 2) {
            throw new IllegalArgumentException("not a position (<generation>.<created>-<version>): " + text);
        }
        Position position = new Position(
                Long.parseLong(text.substring(0, dot)),
                Long.parseLong(text.substring(dot + 1, dash)),
                Long.parseLong(text.substring(dash + 1)));
        if (!position.toString().equals(text)) {
            throw new IllegalArgumentException("not a position as it is written, " + position + ": " + text);
        }
        return position;
    }

    /** The same epoch: versions are comparable one by one. */
    public boolean sameEpoch(Position that) {
        return generation == that.generation && created == that.created;
    }

    public Position next() {
        return new Position(generation, created, version + 1);
    }

    @Override
    public int compareTo(Position that) {
        int byGeneration = Long.compare(generation, that.generation);
        if (byGeneration != 0) {
            return byGeneration;
        }
        int byCreated = Long.compare(created, that.created);
        return byCreated != 0 ? byCreated : Long.compare(version, that.version);
    }

    @Override
    public String toString() {
        return generation + "." + created + "-" + version;
    }
}
