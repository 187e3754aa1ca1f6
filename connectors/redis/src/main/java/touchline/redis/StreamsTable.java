package touchline.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/**
 * Streams as a table to read. Appended to where it has no primary key; with one, an entry sets or deletes the row of its
 * key. Columns that a query does not read are not decoded; filters have nothing to narrow, an entry must be read to be
 * judged.
 */
final class StreamsTable
        implements ScanTableSource, SupportsProjectionPushDown, SupportsReadingMetadata, SupportsWatermarkPushDown {

    private final RedisConfig config;
    private final StreamsConfig streams;
    private final DecodingFormat<DeserializationSchema<RowData>> format;
    private final boolean keyed;
    private final boolean bounded;
    private final DataType whole;
    private int[][] projected;
    private List<EntryColumn> metadata = List.of();
    private WatermarkStrategy<RowData> watermarks = WatermarkStrategy.noWatermarks();

    /** @param whole the physical row as it is declared */
    StreamsTable(
            RedisConfig config,
            StreamsConfig streams,
            DecodingFormat<DeserializationSchema<RowData>> format,
            boolean keyed,
            boolean bounded,
            DataType whole) {
        this.config = config;
        this.streams = streams;
        this.format = format;
        this.keyed = keyed;
        this.bounded = bounded;
        this.whole = whole;
        this.projected = Projection.all(whole).toNestedIndexes();
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return keyed ? ChangelogMode.upsert() : ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        EntryFormat entries =
                new EntryFormat(projected.length == 0 ? null : decoder(context), streams.field(), metadata, keyed);
        StreamsSource source = new StreamsSource(config, streams, entries, bounded);
        return new Scan(source, watermarks, context.createTypeInformation(row()));
    }

    /** What a row has after projection. */
    private DataType row() {
        List<DataTypes.Field> fields =
                new ArrayList<>(DataType.getFields(Projection.of(projected).project(whole)));
        metadata.forEach(column -> fields.add(DataTypes.FIELD(column.name(), column.type())));
        return DataTypes.ROW(fields);
    }

    private record Scan(StreamsSource source, WatermarkStrategy<RowData> watermarks, TypeInformation<RowData> type)
            implements DataStreamScanProvider {

        @Override
        public DataStream<RowData> produceDataStream(ProviderContext context, StreamExecutionEnvironment env) {
            DataStreamSource<RowData> rows = env.fromSource(source, watermarks, "redis-streams", type);
            context.generateUid("redis-streams").ifPresent(rows::uid);
            return rows;
        }

        @Override
        public boolean isBounded() {
            return source.getBoundedness() == Boundedness.BOUNDED;
        }
    }

    private DeserializationSchema<RowData> decoder(ScanContext context) {
        if (format instanceof ProjectableDecodingFormat<DeserializationSchema<RowData>> projectable) {
            return projectable.createRuntimeDecoder(context, whole, projected);
        }
        return format.createRuntimeDecoder(context, Projection.of(projected).project(whole));
    }

    @Override
    public boolean supportsNestedProjection() {
        return false;
    }

    @Override
    public void applyProjection(int[][] paths, DataType type) {
        projected = paths;
    }

    @Override
    public Map<String, DataType> listReadableMetadata() {
        Map<String, DataType> offered = new LinkedHashMap<>();
        for (EntryColumn column : EntryColumn.values()) {
            offered.put(column.column(), column.type().notNull());
        }
        return offered;
    }

    @Override
    public void applyReadableMetadata(List<String> keys, DataType type) {
        metadata = keys.stream().map(EntryColumn::named).toList();
    }

    /** Each stream has its own, so that one that is read ahead makes nothing of another one late. */
    @Override
    public void applyWatermark(WatermarkStrategy<RowData> strategy) {
        watermarks = strategy;
    }

    @Override
    public DynamicTableSource copy() {
        StreamsTable copy = new StreamsTable(config, streams, format, keyed, bounded, whole);
        copy.projected = projected;
        copy.metadata = metadata;
        copy.watermarks = watermarks;
        return copy;
    }

    @Override
    public String asSummaryString() {
        return "redis-streams " + streams.stream() + " from " + streams.from();
    }
}
