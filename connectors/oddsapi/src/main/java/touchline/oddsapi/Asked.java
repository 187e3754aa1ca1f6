package touchline.oddsapi;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the vendor, narrowed by what a query filters. Regions are not here: the vendor does not say of which
 * one a bookmaker is.
 */
final class Asked {

    private final Map<OddsColumn, List<String>> values;

    private Asked(Map<OddsColumn, List<String>> values) {
        this.values = new EnumMap<>(values);
    }

    static Asked by(OddsApiConfig config) {
        Map<OddsColumn, List<String>> values = new EnumMap<>(OddsColumn.class);
        values.put(OddsColumn.SPORT, config.sports());
        values.put(OddsColumn.MARKET, config.markets());
        if (!config.bookmakers().isEmpty()) {
            // Else regions decide who is listed, and one who is asked for by name may be of another region.
            values.put(OddsColumn.BOOKMAKER, config.bookmakers());
        }
        return new Asked(values);
    }

    /** Leaves out what this filter drops; false when it says nothing of what is asked. */
    boolean narrow(ResolvedExpression filter) {
        Kept kept = kept(filter);
        if (kept == null || !values.containsKey(kept.column())) {
            return false;
        }
        values.computeIfPresent(
                kept.column(),
                (column, before) ->
                        before.stream().filter(kept.values()::contains).toList());
        return true;
    }

    /** No row could be of use. */
    boolean isNothing() {
        return values.values().stream().anyMatch(List::isEmpty);
    }

    OddsApiConfig narrowed(OddsApiConfig config) {
        return config.asking(
                values.getOrDefault(OddsColumn.SPORT, config.sports()),
                values.getOrDefault(OddsColumn.MARKET, config.markets()),
                values.getOrDefault(OddsColumn.BOOKMAKER, config.bookmakers()));
    }

    Asked copy() {
        return new Asked(values);
    }

    /** Only rows with one of these values in this column pass. */
    private record Kept(OddsColumn column, Set<String> values) {}

    /** Equality with a literal, and any of such of one column; null for everything else. */
    private static @Nullable Kept kept(ResolvedExpression filter) {
        if (!(filter instanceof CallExpression call)) {
            return null;
        }
        FunctionDefinition function = call.getFunctionDefinition();
        List<ResolvedExpression> of = call.getResolvedChildren();
        if (function == BuiltInFunctionDefinitions.EQUALS) {
            Kept kept = equality(of.get(0), of.get(1));
            return kept == null ? equality(of.get(1), of.get(0)) : kept;
        }
        return function == BuiltInFunctionDefinitions.OR ? anyOf(of) : null;
    }

    private static @Nullable Kept anyOf(List<ResolvedExpression> filters) {
        Set<String> values = new TreeSet<>();
        OddsColumn column = null;
        for (ResolvedExpression filter : filters) {
            Kept one = kept(filter);
            if (one == null || (column != null && column != one.column())) {
                return null;
            }
            column = one.column();
            values.addAll(one.values());
        }
        return column == null ? null : new Kept(column, values);
    }

    private static @Nullable Kept equality(ResolvedExpression left, ResolvedExpression right) {
        if (left instanceof FieldReferenceExpression field && right instanceof ValueLiteralExpression literal) {
            OddsColumn column = OddsColumn.named(field.getName()).orElse(null);
            String value = literal.getValueAs(String.class).orElse(null);
            return column == null || value == null ? null : new Kept(column, Set.of(value));
        }
        return null;
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
