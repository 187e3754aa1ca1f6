package touchline.feed;

import org.jspecify.annotations.Nullable;

/**
 * One message of the feed log: what one source says of one match. The log (topic {@code feed}, keyed by match) is the
 * only input of the market job.
 *
 * @param match {@code <source>:<the source's own id>}, the key; empty for a tick
 * @param source the source stream, {@code <provider>/<stream>} as {@code oddsapi/odds}. A stream called {@code
 *     heartbeat} speaks for all streams of its provider: a {@code seen} there keeps the others from being silent.
 * @param from the provider's match that a view is of, where that is linked to {@code match}; null where it is its own
 * @param at when the source says it happened, ms UTC
 * @param seen when ingest read it, ms UTC
 * @param nextMs the source speaks of this match again within this time; silence is more than twice that; 0 when it
 *     promises nothing
 */
public record FeedRecord(
        String match,
        String source,
        @Nullable String from,
        Seq seq,
        long at,
        long seen,
        long nextMs,
        Kind kind,
        Body body) {

    public FeedRecord {
        boolean fits = switch (kind) {
            case MANUAL -> body instanceof ManualDocument;
            case LINK -> body instanceof Link;
            case TICK -> body instanceof Tick;
            case FIXTURE, QUOTES, SCORE, INCIDENT, SEEN -> body instanceof View;
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    "a record of kind " + kind + " with a " + body.getClass().getSimpleName());
        }
        if (from != null && !(body instanceof View)) {
            throw new IllegalArgumentException("a record of kind " + kind + " from " + from + ": only a view is");
        }
    }

    /** Of the match that it is kept under, as all are that no operator has linked. */
    public FeedRecord(String match, String source, Seq seq, long at, long seen, long nextMs, Kind kind, Body body) {
        this(match, source, null, seq, at, seen, nextMs, kind, body);
    }

    /** The provider: the part of {@link #source} before the slash. */
    public String provider() {
        return provider(source);
    }

    /** The provider of a match, as its id has it. */
    public static String providerOf(String match) {
        return match.substring(0, match.indexOf(':'));
    }

    /** The provider of a source stream. */
    public static String provider(String source) {
        int slash = source.indexOf('/');
        return slash < 0 ? source : source.substring(0, slash);
    }
}
