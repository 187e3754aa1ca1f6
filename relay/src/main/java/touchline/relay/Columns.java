package touchline.relay;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which markets of a match somebody wants: all, or some by key. {@code totals} stands for {@code totals:2.5}, too. What
 * belongs to the match itself (groups {@code match} and {@code incidents}) is always there.
 *
 * @param markets the keys, null for all
 */
record Columns(@Nullable SortedSet<String> markets) {

    static final Columns ALL = new Columns(null);

    static Columns of(@Nullable Collection<String> markets) {
        return markets == null ? ALL : new Columns(new TreeSet<>(markets));
    }

    boolean cover(String group) {
        if (markets == null || group.equals("match") || group.equals("incidents") || markets.contains(group)) {
            return true;
        }
        int colon = group.indexOf(':');
        return colon > 0 && markets.contains(group.substring(0, colon));
    }

    /** What either of them wants. */
    Columns plus(Columns that) {
        if (markets == null || that.markets == null) {
            return ALL;
        }
        SortedSet<String> both = new TreeSet<>(markets);
        both.addAll(that.markets);
        return new Columns(both);
    }

    /** What both of them want, key by key as they are written. */
    Columns within(Columns that) {
        if (markets == null) {
            return that;
        }
        if (markets.stream().allMatch(that::cover)) {
            return this;
        }
        SortedSet<String> some = new TreeSet<>(markets);
        some.removeIf(market -> !that.cover(market));
        return new Columns(some);
    }
}
