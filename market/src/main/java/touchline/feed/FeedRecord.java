package touchline.feed;

/**
 * One message of the feed log: what one source says of one match. The log (topic {@code feed}, keyed by match) is the
 * only input of the market job.
 *
 * @param match {@code <source>:<the source's own id>}, the key; empty for a tick
 * @param source the source stream, {@code <provider>/<stream>} as {@code oddsapi/odds}. A stream called {@code
 *     heartbeat} speaks for all streams of its provider: a {@code seen} there keeps the others from being silent.
 * @param at when the source says it happened, ms UTC
 * @param seen when ingest read it, ms UTC
 * @param nextMs the source speaks of this match again within this time; silence is more than twice that; 0 when it
 *     promises nothing
 */
public record FeedRecord(String match, String source, Seq seq, long at, long seen, long nextMs, Kind kind, Body body) {

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
    }

    /** The provider: the part of {@link #source} before the slash. */
    public String provider() {
        return provider(source);
    }

    /** The provider of a source stream. */
    public static String provider(String source) {
        int slash = source.indexOf('/');
        return slash < 0 ? source : source.substring(0, slash);
    }
}
