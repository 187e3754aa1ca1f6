package touchline.sql;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Every suspension of every market, one row each, from its beginning to its end; a reason that joins it stays in its row. A
 * market that goes ends its suspension.
 */
final class Suspensions implements Rows {
    private static final long serialVersionUID = 1L;

    /** @param until 0 while it lasts */
    record Suspension(Said said, long epoch, long from, long until, String reasons) {}

    private final Shape<Suspension> shape;

    Suspensions(Shape<Suspension> shape) {
        this.shape = shape;
    }

    @Override
    public boolean areOf(String group) {
        return CurrentRows.isMarket(group);
    }

    @Override
    public Map<String, RowData> follow(Said said, Map<String, RowData> standing, RowSink out) {
        @Nullable RowData before = standing.get("");
        boolean suspended = "suspended".equals(said.cell("@status"));
        if (before == null) {
            return suspended ? begin(said, out) : Map.of();
        }
        Suspension held = read(before, said);
        if (!suspended) {
            RowData closed = shape.row(new Suspension(said, held.epoch(), held.from(), said.logTime(), held.reasons()));
            out.update(shape, before, closed);
            out.settled(shape.copy(RowKind.INSERT, closed));
            return Map.of();
        }
        String reasons = both(held.reasons(), reasons(said));
        if (reasons.equals(held.reasons())) {
            return standing;
        }
        RowData joined = shape.row(new Suspension(said, held.epoch(), held.from(), 0, reasons));
        out.update(shape, before, joined);
        return Map.of("", joined);
    }

    private Map<String, RowData> begin(Said said, RowSink out) {
        Long epoch = said.number("@epoch");
        RowData row = shape.row(new Suspension(said, epoch == null ? 0 : epoch, said.logTime(), 0, reasons(said)));
        out.change(RowKind.INSERT, shape.copy(RowKind.INSERT, row));
        return Map.of("", row);
    }

    private Suspension read(RowData row, Said said) {
        Object epoch = shape.value(row, "epoch");
        Object from = shape.value(row, "from_time");
        Object reasons = shape.value(row, "reasons");
        return new Suspension(
                said,
                epoch instanceof Long number ? number : 0,
                from instanceof TimestampData time ? time.getMillisecond() : 0,
                0,
                String.valueOf(reasons));
    }

    private static String reasons(Said said) {
        String cell = said.cell("@reasons");
        return cell == null ? "" : cell;
    }

    private static String both(String one, String other) {
        TreeSet<String> all = new TreeSet<>(List.of(one.split(",")));
        all.addAll(List.of(other.split(",")));
        all.remove("");
        return String.join(",", all);
    }
}
