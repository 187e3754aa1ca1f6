package touchline.sql;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;

/**
 * A table as it stands at the end of a bounded topic, for queries in batch: rows only, no changes. It follows the source
 * directly, in the order of the partition, and not by key: in batch a key's records are sorted by time alone.
 */
final class FoldedEnd extends AbstractStreamOperator<RowData>
        implements OneInputStreamOperator<Entry, RowData>, BoundedOneInput, RowSink {
    private static final long serialVersionUID = 1L;

    private final Follower follower;
    private transient Map<String, MapHeld> matches = new TreeMap<>();

    FoldedEnd(Follower follower) {
        this.follower = follower;
    }

    @Override
    public void open() throws Exception {
        super.open();
        matches = new TreeMap<>();
    }

    @Override
    public void processElement(StreamRecord<Entry> element) {
        Entry entry = element.getValue();
        follower.follow(entry, matches.computeIfAbsent(entry.key, key -> new MapHeld()), this);
    }

    @Override
    public void change(RowKind kind, RowData row) {
        // What stands at the end counts.
    }

    @Override
    public void settled(RowData row) {
        output.collect(new StreamRecord<>(row));
    }

    @Override
    public void endInput() {
        for (MapHeld match : matches.values()) {
            match.allRows().forEach(rows -> rows.values().forEach(row -> output.collect(new StreamRecord<>(row))));
        }
    }
}
