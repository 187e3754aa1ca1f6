package touchline.relay;

import java.util.HashSet;
import java.util.Set;
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
    /** What was told since a look was sent: only by these its end was passed. */
    private final Set<EntryId> passed = new HashSet<>();

    private boolean looking;
    private @Nullable Strays strays;
    private @Nullable Ahead ahead;

    /** The images up to here have been told. */
    void begin(EntryId last) {
        told = last;
        strays = null;
        ahead = null;
        passed.clear();
        looking = false;
    }

    EntryId told() {
        return told;
    }

    @Nullable
    Strays strays() {
        return strays;
    }

    /** A look is sent now. */
    Sight sight() {
        passed.clear();
        passed.add(told);
        looking = true;
        return new Sight(told, strays);
    }

    boolean isNext(String prev) {
        return prev.equals(told.toString());
    }

    /** An entry that is next was read: nothing is missing, and what strayed before it is nobody's. */
    void tell(EntryId id) {
        Ahead seen = ahead;
        if (seen != null
                && told.isBelow(seen.head().last())
                && seen.head().last().isBelow(id)) {
            // The entry that it vouched up to was lost: what was written again in its place may come behind this one.
            ahead = null;
        }
        told = id;
        strays = null;
        if (looking) {
            passed.add(id);
        }
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
     * A look saw this, and nothing is broken. Where what was told leads past its end, and not through it, that end was lost
     * since: the next look tells more.
     *
     * @param asked the read that is out
     */
    void saw(ShardHead head, long asked) {
        boolean lost = head.last().isBelow(told) && !passed.contains(head.last());
        passed.clear();
        looking = false;
        if (lost) {
            return;
        }
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
