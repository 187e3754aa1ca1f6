package touchline.audit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One shard's stream, read in order: every entry must name the one before it, and every match's updates must follow
 * one another. Holds a {@link Replica} per match.
 */
final class ShardReader {

    private final int shard;
    private final Tally tally;
    private final Map<String, Replica> replicas = new HashMap<>();
    private @Nullable String last;
    private boolean fromBeginning;

    ShardReader(int shard, Tally tally) {
        this.shard = shard;
        this.tally = tally;
    }

    int shard() {
        return shard;
    }

    /** The id of the entry read last, null before the first. */
    @Nullable
    String last() {
        return last;
    }

    /** Was the very first entry of the stream read, nothing trimmed before it? */
    boolean fromBeginning() {
        return fromBeginning;
    }

    Map<String, Replica> replicas() {
        return replicas;
    }

    Replica replica(String match) {
        return replicas.computeIfAbsent(match, id -> new Replica());
    }

    /** Does the entry name the one read before it? A first entry always does. */
    boolean follows(Entry entry) {
        return last == null || last.equals(entry.prev());
    }

    Verdict take(Entry entry) {
        if (last == null) {
            fromBeginning = entry.prev().equals(Entry.BEGINNING);
        } else if (!follows(entry)) {
            tally.chainBroke(shard, last, entry);
        }
        last = entry.id();
        Verdict verdict = replica(entry.update().match()).apply(entry.update());
        tally.add(shard, entry, verdict);
        return verdict;
    }
}
