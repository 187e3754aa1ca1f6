package touchline.redis;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A stream as a table to write. Without a primary key it takes rows that are only appended; with one also changes and
 * deletions, and a hash holds what is current.
 *
 * @param key the primary key's columns by their places; empty where there is none
 */
record StreamsTableSink(
        RedisConfig config,
        StreamsConfig streams,
        EncodingFormat<SerializationSchema<RowData>> format,
        List<Integer> key,
        DataType row,
        @Nullable Integer parallelism)
        implements DynamicTableSink {

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        return key.isEmpty() ? ChangelogMode.insertOnly() : ChangelogMode.upsert();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        int[] places = key.stream().mapToInt(place -> place).toArray();
        SerializationSchema<RowData> keys = key.isEmpty()
                ? null
                : format.createRuntimeEncoder(context, Projection.of(places).project(row));
        List<RowData.FieldGetter> fields = new ArrayList<>();
        for (int place : places) {
            fields.add(
                    RowData.createFieldGetter(row.getLogicalType().getChildren().get(place), place));
        }
        RowsFormat rows = new RowsFormat(format.createRuntimeEncoder(context, row), keys, fields);
        return SinkV2Provider.of(new RowsSink(config, streams, rows), parallelism);
    }

    @Override
    public DynamicTableSink copy() {
        return this;
    }

    @Override
    public String asSummaryString() {
        return "redis-streams " + streams.target();
    }
}
