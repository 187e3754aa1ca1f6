package touchline.demo;

import touchline.update.Times;

/** The way of an update, by the stages that stamp it. */
enum Stage {
    /** The source says it happened; ingest has read it. */
    SOURCE_TO_INGEST("source -> ingest"),
    INGEST_TO_LOG("ingest -> log"),
    LOG_TO_DECIDED("log -> decided"),
    DECIDED_TO_PUBLISHED("decided -> published"),
    PUBLISHED_TO_READ("published -> read"),
    /** What Touchline adds, from its own first sight of it. */
    INGEST_TO_READ("ingest -> read");

    private final String title;

    Stage(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** How long it took in ms, -1 when the update did not go this way (a wake-up has no source). */
    long tookMs(Times times, long readAt) {
        return switch (this) {
            case SOURCE_TO_INGEST -> between(times.source(), times.ingest());
            case INGEST_TO_LOG -> between(times.ingest(), times.log());
            case LOG_TO_DECIDED -> between(times.log(), times.decided());
            case DECIDED_TO_PUBLISHED -> between(times.decided(), times.published());
            case PUBLISHED_TO_READ -> between(times.published(), readAt);
            case INGEST_TO_READ -> between(times.ingest(), readAt);
        };
    }

    private static long between(long from, long to) {
        return from == 0 || to == 0 ? -1 : Math.max(0, to - from);
    }
}
