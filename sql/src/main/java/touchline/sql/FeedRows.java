package touchline.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Kind;
import touchline.feed.RefusedException;

/**
 * A row for each record of the feed log. Ticks have none: they have moved the watermark before they come here. Nor has
 * what cannot be read: the market job has refused it, and it stands in {@code rejected}.
 */
final class FeedRows implements FlatMapFunction<Entry, RowData> {
    private static final long serialVersionUID = 1L;

    private final Shape<Heard> shape;
    private final boolean documentsOnly;

    FeedRows(Shape<Heard> shape, boolean documentsOnly) {
        this.shape = shape;
        this.documentsOnly = documentsOnly;
    }

    @Override
    public void flatMap(Entry entry, Collector<RowData> out) {
        if (entry.key.isEmpty()) {
            return;
        }
        FeedRecord record;
        try {
            record = FeedJson.read(entry.value);
        } catch (RefusedException e) {
            return;
        }
        if (!documentsOnly || record.kind() == Kind.MANUAL) {
            out.collect(shape.row(new Heard(record, entry.logTime, new String(entry.value, UTF_8))));
        }
    }
}
