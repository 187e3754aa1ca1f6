package touchline.oddsapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;

/**
 * The odds of some sports as a table that is only appended to. What a query filters by sport, market or, where they are
 * listed, bookmaker is not even asked for, and so costs nothing; every filter is applied to the rows all the same.
 */
final class OddsTable
        implements ScanTableSource,
                SupportsProjectionPushDown,
                SupportsReadingMetadata,
                SupportsFilterPushDown,
                SupportsWatermarkPushDown {

    private final OddsApiConfig config;
    private final boolean once;
    private final Asked asked;
    private List<OddsColumn> physical;
    private List<OddsColumn> metadata = List.of();
    private WatermarkStrategy<RowData> watermarks = WatermarkStrategy.noWatermarks();

    /** @param physical the table's columns, in its order */
    OddsTable(OddsApiConfig config, boolean once, List<OddsColumn> physical) {
        this(config, once, Asked.by(config), physical);
    }

    private OddsTable(OddsApiConfig config, boolean once, Asked asked, List<OddsColumn> physical) {
        this.config = config;
        this.once = once;
        this.asked = asked;
        this.physical = physical;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        List<OddsColumn> columns = new ArrayList<>(physical);
        columns.addAll(metadata);
        TypeInformation<RowData> type = context.createTypeInformation(row());
        return new Scan(new OddsRowSource(source(), columns), watermarks, type);
    }

    /** What a row has after projection. */
    private DataType row() {
        List<DataTypes.Field> fields = new ArrayList<>();
        physical.forEach(column -> fields.add(DataTypes.FIELD(column.column(), column.type())));
        metadata.forEach(column -> fields.add(DataTypes.FIELD(column.column(), column.type())));
        return DataTypes.ROW(fields);
    }

    private record Scan(OddsRowSource source, WatermarkStrategy<RowData> watermarks, TypeInformation<RowData> type)
            implements DataStreamScanProvider {

        @Override
        public DataStream<RowData> produceDataStream(ProviderContext context, StreamExecutionEnvironment env) {
            // Key, quota and rate limit are one reader's.
            DataStreamSource<RowData> rows =
                    env.fromSource(source, watermarks, "odds-api", type).setParallelism(1);
            context.generateUid("odds-api").ifPresent(rows::uid);
            return rows;
        }

        @Override
        public boolean isBounded() {
            return source.getBoundedness() == Boundedness.BOUNDED;
        }
    }

    private OddsApiSource source() {
        if (asked.isNothing()) {
            return OddsApiSource.silent(config);
        }
        OddsApiConfig narrowed = asked.narrowed(config);
        return once ? OddsApiSource.once(narrowed) : new OddsApiSource(narrowed);
    }

    /** What is asked for, after the filters of the query. */
    Asked asked() {
        return asked;
    }

    @Override
    public boolean supportsNestedProjection() {
        return false;
    }

    @Override
    public void applyProjection(int[][] projected, DataType type) {
        List<OddsColumn> before = physical;
        List<OddsColumn> after = new ArrayList<>();
        for (int[] path : projected) {
            after.add(before.get(path[0]));
        }
        physical = after;
    }

    @Override
    public Map<String, DataType> listReadableMetadata() {
        Map<String, DataType> offered = new TreeMap<>();
        for (OddsColumn column : OddsColumn.values()) {
            if (column.isMetadata()) {
                offered.put(column.column(), column.type().notNull());
            }
        }
        return offered;
    }

    @Override
    public void applyReadableMetadata(List<String> keys, DataType type) {
        metadata = keys.stream().map(key -> OddsColumn.named(key).orElseThrow()).toList();
    }

    /** Taken because the planner lets filters through to a table that takes its watermarks, too. */
    @Override
    public void applyWatermark(WatermarkStrategy<RowData> strategy) {
        watermarks = strategy;
    }

    @Override
    public Result applyFilters(List<ResolvedExpression> filters) {
        List<ResolvedExpression> accepted = new ArrayList<>();
        for (ResolvedExpression filter : filters) {
            if (asked.narrow(filter)) {
                accepted.add(filter);
            }
        }
        // An answer may hold more than was asked for: the rows are filtered as well.
        return Result.of(accepted, filters);
    }

    @Override
    public DynamicTableSource copy() {
        OddsTable copy = new OddsTable(config, once, asked.copy(), physical);
        copy.metadata = metadata;
        copy.watermarks = watermarks;
        return copy;
    }

    @Override
    public String asSummaryString() {
        return "odds-api " + asked;
    }
}
