package touchline.sql;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import touchline.sql.ToldTableFactory.Told;

/** Rows that a test tells, with the watermarks that the real tables have: two seconds behind the newest row, after each. */
final class ToldTable implements ScanTableSource, SupportsSourceWatermark {

    static final long DISORDER_MS = 2_000;

    private final Told told;
    private final DataType rowType;
    private final int time;

    ToldTable(Told told, DataType rowType, int time) {
        this.told = told;
        this.rowType = rowType;
        this.time = time;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return told.appendOnly() ? ChangelogMode.insertOnly() : ChangelogMode.all();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        TypeInformation<RowData> row = context.createTypeInformation(rowType);
        return new DataStreamScanProvider() {
            @Override
            public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment env) {
                DataStream<RowData> rows = env.fromData(told.rows(), row).setParallelism(1);
                if (time < 0) {
                    return rows;
                }
                int column = time;
                return rows.assignTimestampsAndWatermarks(
                                WatermarkStrategy.<RowData>forGenerator(generator -> new AfterEach())
                                        .withTimestampAssigner((one, stamp) ->
                                                one.getTimestamp(column, 3).getMillisecond()))
                        .setParallelism(1);
            }

            @Override
            public boolean isBounded() {
                return true;
            }
        };
    }

    private static final class AfterEach implements WatermarkGenerator<RowData> {
        private long newest = Long.MIN_VALUE + DISORDER_MS + 1;

        @Override
        public void onEvent(RowData row, long timestamp, WatermarkOutput output) {
            newest = Math.max(newest, timestamp);
            output.emitWatermark(new Watermark(newest - DISORDER_MS - 1));
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            // After each row is often enough.
        }
    }

    @Override
    public void applySourceWatermark() {
        // There are watermarks in any case.
    }

    @Override
    public DynamicTableSource copy() {
        return new ToldTable(told, rowType, time);
    }

    @Override
    public String asSummaryString() {
        return "told";
    }
}
