package touchline.relay;

/** The id of a stream's entry, {@code <ms>-<n>}; both parts are unsigned in Redis and far below 2^63 in practice. */
record EntryId(long ms, long n) implements Comparable<EntryId> {

    /** Before the first entry of a stream. */
    static final EntryId BEGINNING = new EntryId(0, 0);

    /** @throws IllegalArgumentException when the text is no id */
    static EntryId parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 1) {
            throw new IllegalArgumentException("not the id of an entry (<ms>-<n>): " + text);
        }
        return new EntryId(
                Long.parseUnsignedLong(text.substring(0, dash)), Long.parseUnsignedLong(text.substring(dash + 1)));
    }

    @Override
    public int compareTo(EntryId that) {
        int byMs = Long.compareUnsigned(ms, that.ms);
        return byMs != 0 ? byMs : Long.compareUnsigned(n, that.n);
    }

    boolean isBelow(EntryId that) {
        return compareTo(that) < 0;
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(ms) + "-" + Long.toUnsignedString(n);
    }
}
