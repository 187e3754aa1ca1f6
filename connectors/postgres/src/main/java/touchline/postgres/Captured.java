package touchline.postgres;

import org.jspecify.annotations.Nullable;
import touchline.feed.FeedRecord;
import touchline.feed.Kind;
import touchline.feed.ManualDocument;
import touchline.feed.Refused;
import touchline.feed.Seq;

/**
 * One row of the operators' database, as it is now or as it became. Rows of one key come in the order of their
 * revisions; after a restart some come again, so what is not above the last (generation, revision) is a repeat. All rows
 * of the first snapshot come before the first row of the stream.
 */
public sealed interface Captured {

    /** The source stream of documents. */
    String DOCUMENTS = "manual/documents";

    /** The source stream of links. */
    String LINKS = "links/links";

    /** Whether the row came as a change; otherwise it was read in the first snapshot. */
    boolean streamed();

    /**
     * All that operators say of a match.
     *
     * @param rev rises by one with every transaction that changed the document: a gap is a loss
     * @param at when the transaction was about to commit, ms UTC by the database's clock
     */
    record Document(String match, long generation, long rev, long at, ManualDocument body, boolean streamed)
            implements Captured {

        /** As a record of the feed log. */
        public FeedRecord record(long seen, long nextMs) {
            return new FeedRecord(match, DOCUMENTS, new Seq(generation, rev), at, seen, nextMs, Kind.MANUAL, body);
        }
    }

    /**
     * A provider's match and the match that it is.
     *
     * @param match null: it was unlinked, or never linked
     * @param was the last match before this one, null when there was none: of two targets, the one to release
     */
    record LinkRow(
            String providerMatch,
            @Nullable String match,
            @Nullable String was,
            long generation,
            long rev,
            long at,
            boolean streamed)
            implements Captured {}

    /** The database lives and so does its change stream; {@code at} is when it was written, ms UTC by the writer's clock. */
    record Beat(long at, boolean streamed) implements Captured {}

    /**
     * A row that cannot be used: to be counted and kept, never a reason to stop. Whoever wrote it has said something all
     * the same: what was read of its key before is no longer the last word.
     *
     * @param seq the row's (generation, revision), null where these cannot be read either
     */
    record Unusable(Refused refused, @Nullable Seq seq, boolean streamed) implements Captured {

        /** Is it a document, whatever is wrong with it? */
        public boolean isDocument() {
            return refused.source().equals(DOCUMENTS);
        }
    }
}
