package touchline.simulator;

import org.jspecify.annotations.Nullable;

/**
 * Ways to get it wrong, each of which breaks a promise. A run with one of them must be caught: that is what the simulator
 * is worth. They are made in the models and at their seams; the product's code has none of them.
 */
public enum Flaw {
    NO_WAKE_BEFORE_A_MESSAGE("what is due is left to the timers: a record that comes before them is heard first"),
    LOG_TIME_NOT_IN_CHECKPOINT("after a restore, log time begins anew from what the broker's clock says by then"),
    IDLE_PARTITIONS_LEFT_OUT("a partition that says nothing for a while no longer holds the watermark back"),
    NO_REPEAT_CHECK_IN_BOOK("what was heard before is heard again"),
    NO_REPEAT_CHECK_IN_REDIS("what was written before is written again"),
    NO_IMAGE_BEFORE_FIRST_UPDATE(
            "after a restore, records are heard before their book has sent its image", Fault.REDIS_FAILS_OVER),
    WATERMARK_PASSES_IMAGES(
            "after a restore, log time goes on before all books have sent their images", Fault.REDIS_FAILS_OVER),
    IMAGE_MERGED_IN_REDIS("an image is written over the old cells, and what it lacks stays"),
    IMAGE_MERGED_AT_RELAY("a relay lays an image over the old cells"),
    IMAGE_MERGED_AT_CLIENT("a client lays an image over the old cells"),
    SUM_NOT_UPDATED("an update carries the checksum of the state before it"),
    NO_PREDECESSOR_CHECK("a relay takes whatever entry comes next", Fault.RELAY_STALLS),
    BEAT_TOLD_AT_ONCE("a relay tells a beat before it has read what the beat vouches for"),
    CLIENT_AHEAD_GETS_IMAGE("a relay takes a client that is ahead of it back to where it is itself"),
    RESUME_GIVES_PART("a relay patches a client from before what it remembers"),
    HAVE_WITHOUT_COLUMNS("a client says where it stands and not with which columns"),
    SUSPENSION_SENT_APART("a relay sends the status of a market that closes first, and the rest later"),
    EPOCH_CELL_RESTARTS("a market's suspension epoch begins anew"),
    CHANGE_MEMORY_RESTORED(
            "after a restore, ingest goes on from an old memory instead of with full views", Fault.INGEST_CRASHES),
    LINK_TOLD_TO_CANONICAL_ONLY("a provider's match is not told that it is another match now"),
    LINK_TOLD_TO_PROVIDERS_ONLY("a match is not told which other matches it is, or is no longer"),
    OLDER_BOOK_ACCEPTED("an earlier book of the same match replaces a later one in Redis", Fault.JOB_CRASHES),
    NO_LAST_ID_CHECK("a writer does not tell Redis the last entry it knows"),
    BEAT_BEFORE_ITS_BATCH("a writer tells a beat before what it vouches for is confirmed"),
    CALL_NOT_RESENT("a call that is not answered is taken for applied"),
    REFUSED_IS_DROPPED("a record that cannot be used is dropped without a word"),
    OFFSETS_BEHIND_BOOKS("a checkpoint's offsets are older than its books, and nobody notices a repeat"),
    COLUMNS_OF_ONE_SUBSCRIPTION("a relay sends a match under the columns of one subscription where several name it"),
    ASKED_FOR_COUNTS_AS_HELD("a client takes what it has asked for to be sent already", Fault.CLIENT_WANTS_OTHER),
    TRIMMED_IS_SKIPPED(
            "a relay whose place in a stream was trimmed away goes on with what is left of it", Fault.REDIS_IS_TRIMMED),
    LATE_IS_NOT_SHOWN("a client shows open markets although nobody vouches for them"),
    RELAY_BELIEVES_ITS_CLOCK_ONLY("a relay that is behind still says that it is not late"),
    // These were found by the simulator in the product itself.
    OLD_WORD_TAKEN_FOR_NEW(
            "a client counts the age of what it is told from when it hears it, however long that was on its way",
            Fault.CLIENT_STOPS_READING),
    RATE_HOLDS_BACK_WHAT_IS_VOUCHED_FOR(
            "a relay says that it is no longer late, and holds prices back for a client's rate", Fault.JOB_BEGINS_ANEW),
    SILENT_LINK_IS_WHOLE(
            "a client takes what it holds for whole as long as its link says nothing, and not as of the last word",
            Fault.RELAY_RESTARTS),
    OLD_VIEW_AFTER_RESTORE(
            "the first view after a restore of ingest is an old one, nobody notes what it says that is older, and later"
                    + " stamps confirm other prices",
            Fault.INGEST_CRASHES),
    ENDED_STAYS_OPEN("a client shows the markets of a match that is over as they were last"),
    JUMPED_OVER_IS_PATCHED(
            "a relay whose image jumped over versions patches who stands at one of them",
            Fault.RELAY_STALLS,
            Fault.CLIENT_HOPS),
    BEAT_OUTLIVES_GENERATION("a raised generation begins under the beat of the one before it");

    private final String what;
    private final @Nullable Fault showsBy;
    private final @Nullable Fault alsoBy;

    Flaw(String what) {
        this(what, null, null);
    }

    Flaw(String what, Fault showsBy) {
        this(what, showsBy, null);
    }

    Flaw(String what, @Nullable Fault showsBy, @Nullable Fault alsoBy) {
        this.what = what;
        this.showsBy = showsBy;
        this.alsoBy = alsoBy;
    }

    /** What is done wrong, in a sentence. */
    public String what() {
        return what;
    }

    /** Does it take this to show? A run with the flaw has more of it. */
    boolean showsBy(Fault fault) {
        return fault == showsBy || fault == alsoBy;
    }
}
