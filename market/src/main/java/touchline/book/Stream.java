package touchline.book;

import touchline.feed.Seq;

/** What a match knows of one source stream. Mutable, owned by its {@link MatchBook}. */
final class Stream {

    static final String HEARTBEAT = "/heartbeat";

    /** The last sequence applied. */
    Seq seq = new Seq(0, 0);

    /** Log time of its last record. */
    long heard;

    /** It promised to speak again within this, ms; 0 for no promise. */
    long nextMs;

    /** It has told all it has since the book began. */
    boolean full;

    /** It has quoted since the book began: it is one of those who list the match. */
    boolean quotes;

    /** Was it silent when the book was last settled? */
    boolean silent;

    /** Log time since when its successful polls no longer have the match; 0 when they have. */
    long missingSince;

    /** The last log time at which it is not overdue; {@link Long#MAX_VALUE} when it promised nothing. */
    long dueBy() {
        return nextMs == 0 ? Long.MAX_VALUE : heard + 2 * nextMs;
    }

    /** A new book begins: only the order of what it said before still counts. */
    void forget() {
        nextMs = 0;
        full = false;
        quotes = false;
        silent = false;
        missingSince = 0;
    }

    void write(StateWriter out) {
        out.number(seq.generation()).number(seq.n()).number(heard).number(nextMs);
        out.flag(full).flag(quotes).flag(silent).number(missingSince);
    }

    static Stream read(StateReader in) {
        Stream stream = new Stream();
        stream.seq = new Seq(in.number(), in.number());
        stream.heard = in.number();
        stream.nextMs = in.number();
        stream.full = in.flag();
        stream.quotes = in.flag();
        stream.silent = in.flag();
        stream.missingSince = in.number();
        return stream;
    }
}
