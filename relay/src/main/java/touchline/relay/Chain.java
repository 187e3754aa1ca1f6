package touchline.relay;

import org.jspecify.annotations.Nullable;

/**
 * How far a shard's stream was told, and whether that is all there is: each entry names the one before it, and the
 * shard's meta names the last. Says which entry comes next, which ones are nobody's, when entries are missing, and when a
 * beat may be told: not before all that it vouches for.
 */
final class Chain {

    /** What was known when a look at the shard was sent: what has come since says nothing against what it saw. */
    record Sight(EntryId told, @Nullable Strays strays) {}

    /** Entries that do not follow what was told, while nobody knows yet why: nobody's, or what comes behind a gap. */
    record Strays(EntryId first, String why) {}

    private record Ahead(ShardHead head, long asked) {}

    private EntryId told = EntryId.BEGINNING;
    private @Nullable Strays strays;
    private @Nullable Ahead ahead;

    /** The images up to here have been told. */
    void begin(EntryId last) {
        told = last;
        strays = null;
        ahead = null;
    }

    EntryId told() {
        return told;
    }

    @Nullable
    Strays strays() {
        return strays;
    }

    Sight sight() {
        return new Sight(told, strays);
    }

    boolean isNext(String prev) {
        return prev.equals(told.toString());
    }

    /** An entry that is next was read: nothing is missing, and what strayed before it is nobody's. */
    void tell(EntryId id) {
        told = id;
        strays = null;
    }

    /** @return whether it is the first one: the next look tells what it is */
    boolean stray(EntryId id, String why) {
        if (strays != null) {
            return false;
        }
        strays = new Strays(id, why);
        return true;
    }

    void passOver() {
        strays = null;
    }

    /** @return why the images must be read again, null when they need not */
    @Nullable
    String broken(Sight then, ShardHead now) {
        if (now.last().isBelow(then.told())) {
            return "set_back";
        }
        Strays known = strays;
        return known != null && known.equals(then.strays()) && !now.last().isBelow(known.first()) ? "gap" : null;
    }

    /**
     * A look saw this, and nothing is broken.
     *
     * @param asked the read that is out
     */
    void saw(ShardHead head, long asked) {
        if (ahead == null || head.last().compareTo(told) <= 0) {
            ahead = new Ahead(head, asked);
        }
    }

    /** A beat that may be told now, once; null when there is none. */
    @Nullable
    ShardHead due() {
        Ahead seen = ahead;
        if (seen == null || told.isBelow(seen.head().last())) {
            return null;
        }
        ahead = null;
        return seen.head();
    }

    /**
     * Nothing comes behind what was told.
     *
     * @param asked the read that said so
     * @return whether a look before it saw that there is more: it is not there any more
     */
    boolean isTrimmed(long asked) {
        Ahead seen = ahead;
        return seen != null && asked > seen.asked() && told.isBelow(seen.head().last());
    }
}
