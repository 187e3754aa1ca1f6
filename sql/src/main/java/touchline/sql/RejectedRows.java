package touchline.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** A row for each record of {@code feed.rejected}; what is no JSON there is its own payload. */
final class RejectedRows implements FlatMapFunction<Entry, RowData> {
    private static final long serialVersionUID = 1L;

    static final String TABLE = "rejected";

    record Rejected(FlatJson json, long logTime) {}

    private final Shape<Rejected> shape;

    RejectedRows(RowType declared) {
        shape = new Shape<>(TABLE, columns(), declared);
    }

    static List<Column<Rejected>> columns() {
        return List.of(
                Column.text("reason", rejected -> rejected.json().text("reason")),
                Column.text("match_id", rejected -> rejected.json().text("match")),
                Column.text("source", rejected -> rejected.json().text("source")),
                Column.text("detail", rejected -> rejected.json().text("detail")),
                Column.text("payload", rejected -> rejected.json().text("payload")),
                Column.number("size", rejected -> rejected.json().number("size")),
                Column.text("sha256", rejected -> rejected.json().text("sha256")),
                Column.time("log_time", Rejected::logTime));
    }

    @Override
    public void flatMap(Entry entry, Collector<RowData> out) {
        @Nullable FlatJson json = FlatJson.read(entry.value);
        FlatJson told = json == null ? new FlatJson(Map.of("payload", new String(entry.value, UTF_8)), Map.of()) : json;
        out.collect(shape.row(new Rejected(told, entry.logTime)));
    }
}
