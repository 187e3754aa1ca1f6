package touchline.relay;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client may see.
 *
 * @param subject whose it is, for the log
 * @param expiresAtMs wall clock; Long.MAX_VALUE when it does not
 * @param selects he may see a match that one of these names; empty for all
 * @param markets he may see these of it; null for all
 */
record Grant(
        String subject,
        long expiresAtMs,
        List<Select> selects,
        @Nullable Set<String> markets) {

    static final Grant ANYTHING = new Grant("anonymous", Long.MAX_VALUE, List.of(), null);

    Grant {
        selects = List.copyOf(selects);
        markets = markets == null ? null : Set.copyOf(markets);
    }

    boolean allows(Facts facts) {
        return selects.isEmpty() || selects.stream().anyMatch(select -> select.names(facts));
    }

    Columns columns() {
        return Columns.of(markets);
    }
}
