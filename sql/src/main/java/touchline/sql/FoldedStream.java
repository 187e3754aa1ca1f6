package touchline.sql;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** A table as the stream of its changes, keyed by match. */
final class FoldedStream extends KeyedProcessFunction<String, Entry, RowData> {
    private static final long serialVersionUID = 1L;

    private final Follower follower;
    private final TypeInformation<RowData> row;
    private transient @Nullable KeyedHeld held;

    FoldedStream(Follower follower, TypeInformation<RowData> row) {
        this.follower = follower;
        this.row = row;
    }

    @Override
    public void open(OpenContext context) {
        held = new KeyedHeld(getRuntimeContext(), row);
    }

    @Override
    public void processElement(Entry entry, Context context, Collector<RowData> out) {
        if (held == null) {
            throw new IllegalStateException("used before it was opened");
        }
        follower.follow(entry, held, new RowSink() {
            @Override
            public void change(RowKind kind, RowData changed) {
                out.collect(changed);
            }

            @Override
            public void settled(RowData settled) {
                // It has been told as a change.
            }
        });
    }
}
