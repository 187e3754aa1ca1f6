package touchline.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;

/** Hears a table's changes: as text, and folded to the rows that stand. Refuses a change that does not fit what stands. */
final class Changelog implements RowSink {

    final List<String> changes = new ArrayList<>();
    final List<String> settled = new ArrayList<>();
    private final Map<String, Integer> standing = new LinkedHashMap<>();
    private final List<RowData.FieldGetter> getters = new ArrayList<>();

    private Changelog(List<LogicalType> types) {
        for (int i = 0; i < types.size(); i++) {
            getters.add(RowData.createFieldGetter(types.get(i), i));
        }
    }

    static Changelog of(List<? extends Column<?>> columns) {
        return new Changelog(columns.stream().<LogicalType>map(Column::type).toList());
    }

    /** As a table declares them. */
    static RowType declared(List<? extends Column<?>> columns) {
        return RowType.of(
                columns.stream().map(Column::type).toArray(LogicalType[]::new),
                columns.stream().map(Column::name).toArray(String[]::new));
    }

    @Override
    public void change(RowKind kind, RowData row) {
        if (row.getRowKind() != kind) {
            throw new AssertionError("a row of kind " + row.getRowKind() + " told as " + kind);
        }
        String text = text(row);
        changes.add(kind.shortString() + text);
        if (kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER) {
            standing.merge(text, 1, Integer::sum);
        } else if (standing.merge(text, -1, Integer::sum) == 0) {
            standing.remove(text);
        } else {
            throw new AssertionError("taken back, and was not there: " + text);
        }
    }

    @Override
    public void settled(RowData row) {
        settled.add(text(row));
    }

    List<String> standing() {
        return standing.keySet().stream().sorted().toList();
    }

    String text(RowData row) {
        StringJoiner text = new StringJoiner(", ", "(", ")");
        getters.forEach(getter -> text.add(String.valueOf(getter.getFieldOrNull(row))));
        return text.toString();
    }
}
