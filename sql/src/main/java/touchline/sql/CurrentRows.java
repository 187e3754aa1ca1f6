package touchline.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;

/**
 * What holds now. A row that goes is first given the time at which it goes: a temporal join takes that from the row, and
 * would otherwise forget it for the time when it was there.
 */
final class CurrentRows implements Rows {
    private static final long serialVersionUID = 1L;

    /** Which rows a group makes. */
    enum Scope {
        MATCH,
        SCORE,
        FEED,
        MARKET,
        OUTCOME,
        INCIDENT;

        boolean isOf(String group) {
            return switch (this) {
                case MATCH, SCORE, FEED -> group.equals("match");
                case INCIDENT -> group.equals("incidents");
                case MARKET, OUTCOME -> isMarket(group);
            };
        }

        List<String> fields(Map<String, String> cells) {
            if (cells.isEmpty()) {
                return List.of();
            }
            return switch (this) {
                case MATCH, MARKET -> List.of("");
                case SCORE -> cells.containsKey("home_score") ? List.of("") : List.of();
                case FEED -> cells.containsKey("feed") ? List.of("") : List.of();
                case INCIDENT -> List.copyOf(cells.keySet());
                case OUTCOME ->
                    cells.keySet().stream()
                            .filter(field -> !field.startsWith("@"))
                            .toList();
            };
        }
    }

    static boolean isMarket(String group) {
        return !group.equals("match") && !group.equals("incidents");
    }

    private final Scope scope;
    private final Shape<Said> shape;

    CurrentRows(Scope scope, Shape<Said> shape) {
        this.scope = scope;
        this.shape = shape;
    }

    @Override
    public boolean areOf(String group) {
        return scope.isOf(group);
    }

    @Override
    public Map<String, RowData> follow(Said said, Map<String, RowData> standing, RowSink out) {
        Map<String, RowData> now = new HashMap<>();
        for (String field : scope.fields(said.cells())) {
            now.put(field, shape.row(said.of(field)));
        }
        TreeSet<String> all = new TreeSet<>(now.keySet());
        all.addAll(standing.keySet());
        for (String key : all) {
            RowData before = standing.get(key);
            RowData after = now.get(key);
            if (before == null && after != null) {
                out.change(RowKind.INSERT, shape.copy(RowKind.INSERT, after));
            } else if (before != null && after == null) {
                RowData last = shape.stamped(before, said.of(key));
                out.update(shape, before, last);
                out.change(RowKind.DELETE, shape.copy(RowKind.DELETE, last));
            } else if (before != null && after != null) {
                if (shape.same(before, after)) {
                    now.put(key, before);
                } else {
                    out.update(shape, before, after);
                }
            }
        }
        return now;
    }
}
