package touchline.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * What each bookmaker quotes now, from the compacted topic {@code quotes}, whose keys are one match, market, source and
 * bookmaker each; no value takes a quote back. A value of an earlier log time than the one that stands is told again after
 * a restore, and changes nothing.
 */
final class QuoteRows implements Follower {
    private static final long serialVersionUID = 1L;

    static final String TABLE = "quotes";

    /** @param logTime for a quote that goes, when it went */
    record Quoted(FlatJson json, long logTime) {}

    private static final String STANDING = "";
    private static final FlatJson NONE = new FlatJson(Map.of(), Map.of());

    private final Shape<Quoted> shape;

    QuoteRows(RowType declared) {
        shape = new Shape<>(TABLE, columns(), declared);
    }

    static List<Column<Quoted>> columns() {
        return List.of(
                Column.text("match_id", quoted -> quoted.json().text("match")),
                Column.text("market", quoted -> quoted.json().text("market")),
                Column.text("source", quoted -> quoted.json().text("source")),
                Column.text("bookmaker", quoted -> quoted.json().text("bookmaker")),
                Column.decimal("line", quoted -> quoted.json().text("line")),
                Column.of("prices", new MapType(Column.TEXT, Column.DECIMAL), QuoteRows::prices),
                Column.time("stamp_time", quoted -> quoted.json().number("at")),
                Column.<Quoted>time("log_time", Quoted::logTime).asStamp());
    }

    @Override
    public void follow(Entry entry, Held held, RowSink out) {
        @Nullable RowData before = held.rows(STANDING).get(STANDING);
        if (entry.value.length == 0) {
            if (before != null) {
                RowData last = shape.stamped(before, new Quoted(NONE, entry.logTime));
                out.update(shape, before, last);
                out.change(RowKind.DELETE, shape.copy(RowKind.DELETE, last));
                held.rows(STANDING, Map.of());
            }
            return;
        }
        @Nullable FlatJson json = FlatJson.read(entry.value);
        if (json == null || (before != null && logTime(before) > entry.logTime)) {
            return;
        }
        RowData row = shape.row(new Quoted(json, entry.logTime));
        if (before == null) {
            out.change(RowKind.INSERT, shape.copy(RowKind.INSERT, row));
        } else {
            out.update(shape, before, row);
        }
        held.rows(STANDING, Map.of(STANDING, row));
    }

    private long logTime(RowData row) {
        return shape.value(row, "log_time") instanceof TimestampData time ? time.getMillisecond() : 0;
    }

    private static GenericMapData prices(Quoted quoted) {
        Map<StringData, @Nullable DecimalData> prices = new HashMap<>();
        quoted.json()
                .objects()
                .getOrDefault("prices", Map.of())
                .forEach((outcome, price) -> prices.put(StringData.fromString(outcome), Column.decimal(price)));
        return new GenericMapData(prices);
    }
}
