package touchline.book;

import org.jspecify.annotations.Nullable;
import touchline.feed.FeedRecord;
import touchline.feed.Link;
import touchline.feed.Seq;

/** What a match knows of one source stream. Mutable, owned by its {@link MatchBook}. */
final class Stream {

    static final String HEARTBEAT = "/heartbeat";

    private static final String LINKED = "links/links@";

    /** The last sequence applied. */
    Seq seq = new Seq(0, 0);

    /** Log time of its last record. */
    long heard;

    /** It promised to speak again within this, ms; 0 for no promise. */
    long nextMs;

    /** It has told all it has since the book began; of a {@linkplain #link link}: that match is linked here. */
    boolean full;

    /** It has quoted since the book began: it is one of those who list the match. */
    boolean quotes;

    /** Was it silent when the book was last settled? */
    boolean silent;

    /** Log time since when its successful polls no longer have the match; 0 when they have. */
    long missingSince;

    /**
     * The name that a record's stream has in the book. Each match that is linked here has streams of its own, and so has
     * its link: what two of them say has no common order. A heartbeat speaks for all of its provider's.
     */
    static String of(FeedRecord record) {
        if (record.body() instanceof Link link && link.direction() == Link.Direction.FROM) {
            return link(link.other());
        }
        boolean own = record.from() == null || record.source().endsWith(HEARTBEAT);
        return own ? record.source() : record.source() + "@" + record.from();
    }

    /** The stream of what operators say of that match being linked here. */
    static String link(String match) {
        return LINKED + match;
    }

    static boolean isLink(String stream) {
        return stream.startsWith(LINKED);
    }

    /** The match that is linked here and speaks in this stream, or null. */
    static @Nullable String origin(String stream) {
        int at = stream.indexOf('@');
        return at < 0 ? null : stream.substring(at + 1);
    }

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
