package touchline.sql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.UniqueConstraint;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;
import touchline.sql.ToldTableFactory.Told;

/**
 * What an input file says of one table: a line with its columns (others are null), then its rows in the order of the log. Of a
 * table with a primary key a row replaces the one of its key, and a line that begins with {@code -} takes it away.
 */
final class ToldRows {

    /** How the rows arrive. */
    enum Arrival {
        IN_ORDER,
        /** Within the watermark. A changelog keeps the order of each match, as each match has one partition; the rest keeps none. */
        SHUFFLED,
        /** What holds at the end, without changes. */
        AT_THE_END
    }

    private record Line(String key, String match, boolean gone, GenericRowData row) {}

    private record Arriving(long at, List<RowData> changes) {}

    private final List<Line> lines = new ArrayList<>();
    private final boolean keyed;
    private final int time;
    private final RowType type;

    ToldRows(ResolvedSchema schema, List<String> table, ToldCells cells) {
        type = (RowType) schema.toPhysicalRowDataType().getLogicalType();
        List<String> key =
                schema.getPrimaryKey().map(UniqueConstraint::getColumns).orElse(List.of());
        keyed = !key.isEmpty();
        time = schema.getWatermarkSpecs().isEmpty()
                ? -1
                : type.getFieldIndex(schema.getWatermarkSpecs().get(0).getRowtimeAttribute());
        if (table.isEmpty()) {
            return;
        }
        List<String> columns = fields(table.get(0));
        for (String line : table.subList(1, table.size())) {
            boolean gone = line.startsWith("- ");
            lines.add(line(columns, fields(gone ? line.substring(2) : line), gone, key, cells));
        }
    }

    private Line line(List<String> columns, List<String> fields, boolean gone, List<String> key, ToldCells cells) {
        if (fields.size() != columns.size()) {
            throw new IllegalArgumentException(fields + " are not the columns " + columns);
        }
        GenericRowData row = new GenericRowData(type.getFieldCount());
        StringBuilder keyOf = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            int place = type.getFieldIndex(columns.get(i));
            if (place < 0) {
                throw new IllegalArgumentException("no column " + columns.get(i) + " in " + type.getFieldNames());
            }
            row.setField(place, cells.read(fields.get(i), type.getTypeAt(place)));
            if (key.contains(columns.get(i))) {
                keyOf.append(fields.get(i)).append('|');
            }
        }
        return new Line(keyOf.toString(), fields.get(0), gone, row);
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        for (String field : line.split(" *\\| *", -1)) {
            fields.add(field.strip());
        }
        return fields;
    }

    Told arriving(Arrival arrival, Random random) {
        if (arrival == Arrival.AT_THE_END) {
            return new Told(atTheEnd(), true);
        }
        List<Arriving> all = new ArrayList<>();
        Map<String, Long> last = new HashMap<>();
        Map<String, GenericRowData> standing = new HashMap<>();
        long clock = Long.MIN_VALUE;
        for (Line line : lines) {
            clock = time < 0 ? clock + 1 : line.row().getTimestamp(time, 3).getMillisecond();
            long at = clock
                    + (arrival == Arrival.SHUFFLED && time >= 0 ? random.nextInt((int) ToldTable.DISORDER_MS) : 0);
            if (keyed) {
                at = Math.max(at, last.getOrDefault(line.match(), Long.MIN_VALUE));
                last.put(line.match(), at);
            }
            all.add(new Arriving(at, changes(line, standing)));
        }
        all.sort(Comparator.comparingLong(Arriving::at));
        return new Told(all.stream().flatMap(one -> one.changes().stream()).toList(), !keyed);
    }

    private List<RowData> changes(Line line, Map<String, GenericRowData> standing) {
        if (!keyed) {
            return List.of(line.row());
        }
        @Nullable GenericRowData before = standing.get(line.key());
        if (line.gone()) {
            if (before == null) {
                throw new IllegalArgumentException("nothing stands at " + line.key());
            }
            standing.remove(line.key());
            return List.of(of(RowKind.DELETE, at(before, line.row())));
        }
        standing.put(line.key(), line.row());
        return before == null
                ? List.of(line.row())
                : List.of(of(RowKind.UPDATE_BEFORE, before), of(RowKind.UPDATE_AFTER, line.row()));
    }

    /** A row goes with the time at which it goes. */
    private GenericRowData at(GenericRowData before, GenericRowData gone) {
        GenericRowData row = of(RowKind.INSERT, before);
        if (time >= 0) {
            row.setField(time, gone.getField(time));
        }
        return row;
    }

    private static GenericRowData of(RowKind kind, GenericRowData row) {
        GenericRowData copy = new GenericRowData(kind, row.getArity());
        for (int i = 0; i < row.getArity(); i++) {
            copy.setField(i, row.getField(i));
        }
        return copy;
    }

    private List<RowData> atTheEnd() {
        Map<String, RowData> standing = new LinkedHashMap<>();
        for (Line line : lines) {
            String key = keyed ? line.key() : Integer.toString(standing.size());
            if (line.gone()) {
                standing.remove(key);
            } else {
                standing.put(key, line.row());
            }
        }
        return List.copyOf(standing.values());
    }
}
