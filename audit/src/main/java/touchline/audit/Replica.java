package touchline.audit;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/**
 * One match as a reader holds it: the fold of its images and patches. Every update is verified: its place in the
 * match's history, and after it the checksum of every group it names, computed again from the cells themselves.
 */
final class Replica {

    private @Nullable Position position;
    private boolean whole;
    private boolean ended;
    private boolean covered;
    private final SortedMap<String, SortedMap<String, String>> groups = new TreeMap<>();

    /** The position that was read last, null before the first. */
    @Nullable
    Position position() {
        return position;
    }

    /** Are the cells those of {@link #position}? They are not before the first image, and not behind a gap. */
    boolean whole() {
        return whole;
    }

    boolean ended() {
        return ended;
    }

    /** Takes the state of an image that was read elsewhere; updates up to there are {@link Verdict#COVERED}. */
    void load(Position at, Map<String, String> cells, boolean end) {
        groups.clear();
        cells.forEach(this::put);
        position = at;
        whole = true;
        ended = end;
        covered = true;
    }

    Verdict apply(MarketUpdate update) {
        Position next = update.position();
        Position held = position;
        boolean patch = update.kind() == MarketUpdate.Kind.PATCH;
        if (held != null && next.compareTo(held) <= 0) {
            if (covered) {
                return Verdict.COVERED;
            }
            return next.equals(held) ? Verdict.REPEAT : Verdict.STEP_BACK;
        }
        boolean follows = held != null && held.next().equals(next);
        position = next;
        covered = false;
        if (patch && !(follows && whole)) {
            whole = false;
            return held == null || follows ? Verdict.UNFOLLOWED : Verdict.GAP;
        }
        if (!patch) {
            groups.clear();
        }
        whole = true;
        ended = update.kind() == MarketUpdate.Kind.END;
        update.del().forEach(this::remove);
        update.set().forEach(this::put);
        if (!sumsHold(update)) {
            return Verdict.CHECKSUM;
        }
        return held == null || follows || !held.sameEpoch(next) ? Verdict.APPLIED : Verdict.AHEAD;
    }

    /** Every cell, {@code group/field} to text. */
    SortedMap<String, String> cells() {
        SortedMap<String, String> cells = new TreeMap<>();
        groups.forEach((group, fields) -> fields.forEach((field, value) -> cells.put(group + "/" + field, value)));
        return cells;
    }

    /** The checksum of every group, in hex. */
    SortedMap<String, String> sums() {
        SortedMap<String, String> sums = new TreeMap<>();
        groups.forEach((group, fields) -> sums.put(group, Checksum.hex(Checksum.of(fields))));
        return sums;
    }

    private boolean sumsHold(MarketUpdate update) {
        for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
            Map<String, String> fields = groups.get(sum.getKey());
            String here = fields == null ? null : Checksum.hex(Checksum.of(fields));
            if (here == null ? sum.getValue() != null : !here.equals(sum.getValue())) {
                return false;
            }
        }
        // A group that changed and is not named would go unverified for ever.
        for (String cell : update.set().keySet()) {
            if (!update.sums().containsKey(MarketUpdate.group(cell))) {
                return false;
            }
        }
        for (String cell : update.del()) {
            if (!update.sums().containsKey(MarketUpdate.group(cell))) {
                return false;
            }
        }
        return true;
    }

    private void put(String cell, String value) {
        groups.computeIfAbsent(MarketUpdate.group(cell), group -> new TreeMap<>())
                .put(MarketUpdate.field(cell), value);
    }

    private void remove(String cell) {
        SortedMap<String, String> fields = groups.get(MarketUpdate.group(cell));
        if (fields != null) {
            fields.remove(MarketUpdate.field(cell));
            if (fields.isEmpty()) {
                groups.remove(MarketUpdate.group(cell));
            }
        }
    }
}
