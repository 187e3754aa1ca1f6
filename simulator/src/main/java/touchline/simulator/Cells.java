package touchline.simulator;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;

/**
 * A match's cells and the checksums of their groups, reckoned from the cells themselves. Does not change: what is applied
 * makes another one.
 */
final class Cells {

    static final Cells NONE = new Cells(new TreeMap<>(), new HashMap<>());

    private final SortedMap<String, String> cells;
    private final Map<String, Long> sums;

    private Cells(SortedMap<String, String> cells, Map<String, Long> sums) {
        this.cells = cells;
        this.sums = sums;
    }

    SortedMap<String, String> all() {
        return cells;
    }

    @Nullable
    String get(String cell) {
        return cells.get(cell);
    }

    /** Groups that have cells, with their sums. */
    Map<String, Long> sums() {
        return sums;
    }

    boolean has(String group) {
        return sums.containsKey(group);
    }

    boolean isOpen(String market) {
        return "open".equals(cells.get(market + "/@status"));
    }

    /** After an update, in place of everything or on top. */
    Cells after(MarketUpdate update) {
        boolean whole = update.kind() != MarketUpdate.Kind.PATCH;
        return (whole ? NONE : this).with(update.set(), update.del());
    }

    Cells with(SortedMap<String, String> set, SortedSet<String> del) {
        SortedMap<String, String> cells = new TreeMap<>(this.cells);
        Map<String, Long> sums = new HashMap<>(this.sums);
        for (String cell : del) {
            String before = cells.remove(cell);
            if (before != null) {
                sums.merge(MarketUpdate.group(cell), 0L, (sum, zero) -> minus(sum, cell, before));
            }
        }
        for (Map.Entry<String, String> entry : set.entrySet()) {
            String cell = entry.getKey();
            String before = cells.put(cell, entry.getValue());
            if (!entry.getValue().equals(before)) {
                String group = MarketUpdate.group(cell);
                long sum = sums.getOrDefault(group, Checksum.EMPTY);
                if (before != null) {
                    sum = minus(sum, cell, before);
                }
                sums.put(group, Checksum.plus(sum, MarketUpdate.field(cell), entry.getValue()));
            }
        }
        if (!del.isEmpty()) {
            sums.keySet().removeIf(group -> !hasCells(cells, group));
        }
        return new Cells(cells, sums);
    }

    private static long minus(long sum, String cell, String value) {
        return Checksum.minus(sum, MarketUpdate.field(cell), value);
    }

    private static boolean hasCells(SortedMap<String, String> cells, String group) {
        return !cells.subMap(group + "/", group + "0").isEmpty();
    }

    /** Are the sums that were told those of the cells? */
    boolean fit(Map<String, @Nullable String> told) {
        for (Map.Entry<String, @Nullable String> sum : told.entrySet()) {
            Long held = sums.get(sum.getKey());
            String is = held == null ? null : Checksum.hex(held);
            String told1 = sum.getValue();
            if (is == null ? told1 != null : !is.equals(told1)) {
                return false;
            }
        }
        return true;
    }

    /** Only the groups that the columns cover. */
    Cells of(Columns columns) {
        if (columns.markets() == null) {
            return this;
        }
        SortedMap<String, String> some = new TreeMap<>();
        for (Map.Entry<String, String> cell : cells.entrySet()) {
            if (columns.coverCell(cell.getKey())) {
                some.put(cell.getKey(), cell.getValue());
            }
        }
        Map<String, Long> their = new HashMap<>(sums);
        their.keySet().removeIf(group -> !columns.cover(group));
        return new Cells(some, their);
    }

    /** The first cell that is not the same in both, or null. */
    @Nullable
    String difference(Cells that) {
        if (cells.equals(that.cells)) {
            return null;
        }
        SortedMap<String, String> both = new TreeMap<>(cells);
        both.putAll(that.cells);
        for (String cell : both.keySet()) {
            String here = cells.get(cell);
            if (here == null || !here.equals(that.cells.get(cell))) {
                return cell + "=" + here + " and not " + that.cells.get(cell);
            }
        }
        return null;
    }
}
