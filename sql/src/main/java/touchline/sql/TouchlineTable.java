package touchline.sql;

import java.io.Serializable;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/**
 * A table that is read from a topic of Touchline's. In streaming it is the stream of its changes; in batch it is what holds at
 * the end of the topic, as it is when the query starts. Its watermarks are the topic's, per partition.
 */
final class TouchlineTable implements ScanTableSource, SupportsSourceWatermark {

    /** How rows come of a topic's entries. */
    interface Reading extends Serializable {

        /** Rows that never change? */
        boolean isAppendOnly();

        SingleOutputStreamOperator<RowData> stream(DataStream<Entry> entries, TypeInformation<RowData> row);

        /** Rows only, of a topic that ends. */
        SingleOutputStreamOperator<RowData> end(DataStream<Entry> entries, TypeInformation<RowData> row);
    }

    /** One row for each record. */
    record Each(FlatMapFunction<Entry, RowData> rows) implements Reading {
        @Override
        public boolean isAppendOnly() {
            return true;
        }

        @Override
        public SingleOutputStreamOperator<RowData> stream(DataStream<Entry> entries, TypeInformation<RowData> row) {
            return entries.flatMap(rows).returns(row);
        }

        @Override
        public SingleOutputStreamOperator<RowData> end(DataStream<Entry> entries, TypeInformation<RowData> row) {
            return stream(entries, row);
        }
    }

    /** What follows the updates of a match. */
    record Followed(Follower follower, boolean isAppendOnly) implements Reading {
        @Override
        public SingleOutputStreamOperator<RowData> stream(DataStream<Entry> entries, TypeInformation<RowData> row) {
            return entries.keyBy(entry -> entry.key).process(new FoldedStream(follower, row), row);
        }

        @Override
        public SingleOutputStreamOperator<RowData> end(DataStream<Entry> entries, TypeInformation<RowData> row) {
            return entries.transform("fold", row, new FoldedEnd(follower));
        }
    }

    private final String table;
    private final Topic topic;
    private final Reading reading;
    private final DataType rowType;
    private final boolean batch;

    TouchlineTable(String table, Topic topic, Reading reading, DataType rowType, boolean batch) {
        this.table = table;
        this.topic = topic;
        this.reading = reading;
        this.rowType = rowType;
        this.batch = batch;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return batch || reading.isAppendOnly() ? ChangelogMode.insertOnly() : ChangelogMode.all();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        TypeInformation<RowData> row = context.createTypeInformation(rowType);
        return new DataStreamScanProvider() {
            @Override
            public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment env) {
                DataStream<Entry> entries = topic.stream(provider, env);
                SingleOutputStreamOperator<RowData> rows =
                        batch ? reading.end(entries, row) : reading.stream(entries, row);
                provider.generateUid("rows").ifPresent(rows::uid);
                return rows.name(table);
            }

            @Override
            public boolean isBounded() {
                return topic.isBounded();
            }
        };
    }

    @Override
    public void applySourceWatermark() {
        // The topic has them in any case.
    }

    @Override
    public DynamicTableSource copy() {
        return new TouchlineTable(table, topic, reading, rowType, batch);
    }

    @Override
    public String asSummaryString() {
        return "Touchline " + table;
    }
}
