package touchline.update;

/**
 * When each stage had it, ms UTC; 0 where a stage has not happened. Source, ingest and log come from the log and are
 * the same in every replay; decided and published are wall-clock times of this run.
 *
 * @param source when the source says it happened
 * @param ingest when ingest read it
 * @param log when the log took it
 * @param decided when the machine had applied it
 * @param published when the sink sent it
 */
public record Times(long source, long ingest, long log, long decided, long published) {

    public Times decidedAt(long ms) {
        return new Times(source, ingest, log, ms, published);
    }

    public Times publishedAt(long ms) {
        return new Times(source, ingest, log, decided, ms);
    }
}
