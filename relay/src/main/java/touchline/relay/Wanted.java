package touchline.relay;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that one client wants: his subscriptions together, within what he may see. Clients with equal wants on one loop share
 * a view.
 *
 * @param limits of which matches he may see any; empty for all
 */
record Wanted(Set<Part> parts, List<Select> limits, Columns within) {

    /** One subscription: these markets of the matches that are selected, not more often than this. */
    record Part(Select select, Columns columns, int rateMs) {
        /** How many match ids and market keys it holds. */
        int names() {
            int markets = columns.markets() == null ? 0 : columns.markets().size();
            return markets
                    + (select instanceof Select.Matches matches ? matches.ids().size() : 0);
        }
    }

    /** How a match is wanted. */
    record Way(Columns columns, int rateMs) {}

    static Wanted of(Collection<Part> parts, Grant grant) {
        return new Wanted(parts.stream().collect(Collectors.toUnmodifiableSet()), grant.selects(), grant.columns());
    }

    /** Union of the markets, smallest of the rates; null when nobody wants this match. */
    @Nullable
    Way way(Facts facts) {
        Columns columns = null;
        int rateMs = Integer.MAX_VALUE;
        for (Part part : parts) {
            if (part.select.names(facts)) {
                columns = columns == null ? part.columns : columns.plus(part.columns);
                rateMs = Math.min(rateMs, part.rateMs);
            }
        }
        if (columns == null || !(limits.isEmpty() || limits.stream().anyMatch(limit -> limit.names(facts)))) {
            return null;
        }
        return new Way(columns.within(within), rateMs);
    }

    /** The only matches that it can name, null when it goes by what matches are. */
    @Nullable
    Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        for (Part part : parts) {
            if (!(part.select instanceof Select.Matches matches)) {
                return null;
            }
            ids.addAll(matches.ids());
        }
        return ids;
    }
}
