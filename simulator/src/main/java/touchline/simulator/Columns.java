package touchline.simulator;

import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.update.MarketUpdate;

/**
 * Which markets somebody wants or holds: all of them for null. The groups of the match itself always come.
 */
record Columns(@Nullable SortedSet<String> markets) {

    static final Columns ALL = new Columns(null);
    static final Columns NONE = new Columns(new TreeSet<>());

    boolean cover(String group) {
        return markets == null || group.equals("match") || group.equals("incidents") || markets.contains(group);
    }

    boolean coverCell(String cell) {
        return markets == null || cover(MarketUpdate.group(cell));
    }

    /** What is wanted of a match by several together. */
    Columns or(Columns other) {
        SortedSet<String> more = other.markets;
        return more == null ? other : and(more);
    }

    /** These, and some by name. */
    Columns and(Iterable<String> groups) {
        if (markets == null) {
            return this;
        }
        SortedSet<String> more = new TreeSet<>(markets);
        for (String group : groups) {
            if (!cover(group)) {
                more.add(group);
            }
        }
        return new Columns(more);
    }

    @Override
    public String toString() {
        return markets == null ? "all" : markets.toString();
    }
}
