package touchline.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts of what readers found, and the first of the faults in words. Safe to read while others write. */
public final class Tally {

    private static final int MAX_FAULTS = 200;

    private final Map<Verdict, LongAdder> verdicts;
    private final LongAdder entries = new LongAdder();
    private final LongAdder chainBreaks = new LongAdder();
    private final LongAdder reloads = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());

    public Tally() {
        Map<Verdict, LongAdder> counts = new EnumMap<>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict, new LongAdder());
        }
        verdicts = Collections.unmodifiableMap(counts);
    }

    public long count(Verdict verdict) {
        LongAdder count = verdicts.get(verdict);
        return count == null ? 0 : count.sum();
    }

    /** Stream entries read. */
    public long entries() {
        return entries.sum();
    }

    /** Entries that do not name the entry before them: something between was lost. */
    public long chainBreaks() {
        return chainBreaks.sum();
    }

    /** Images read again from a match's hash because its stream could not be followed. */
    public long reloads() {
        return reloads.sum();
    }

    /** Entries that are no update. */
    public long unreadable() {
        return unreadable.sum();
    }

    /** Did anything break a promise? */
    public boolean broken() {
        return chainBreaks() + unreadable() > 0
                || count(Verdict.GAP) + count(Verdict.REPEAT) + count(Verdict.STEP_BACK) + count(Verdict.CHECKSUM) > 0;
    }

    /** The first {@value #MAX_FAULTS} faults, one a line. */
    public List<String> faults() {
        synchronized (faults) {
            return List.copyOf(faults);
        }
    }

    void add(int shard, Entry entry, Verdict verdict) {
        entries.increment();
        LongAdder count = verdicts.get(verdict);
        if (count != null) {
            count.increment();
        }
        if (verdict.broken()) {
            fault(verdict.name().toLowerCase(Locale.ROOT) + " shard=" + shard + " entry=" + entry.id() + " match="
                    + entry.update().match() + " position=" + entry.update().position());
        }
    }

    void chainBroke(int shard, String last, Entry entry) {
        chainBreaks.increment();
        fault("chain shard=" + shard + " entry=" + entry.id() + " names prev=" + entry.prev() + ", read before it was "
                + last);
    }

    void unreadable(int shard, String id, String detail) {
        unreadable.increment();
        fault("unreadable shard=" + shard + " entry=" + id + " " + detail);
    }

    void reloaded() {
        reloads.increment();
    }

    private void fault(String text) {
        synchronized (faults) {
            if (faults.size() < MAX_FAULTS) {
                faults.add(text);
            }
        }
    }
}
