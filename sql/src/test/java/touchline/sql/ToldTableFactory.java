package touchline.sql;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.jspecify.annotations.Nullable;

/** Tables whose rows a test tells: {@code 'connector' = 'told', 'rows' = KEY}, under a key that {@link #tell} has given. */
public final class ToldTableFactory implements DynamicTableSourceFactory {

    /** @param rows changes, in the order in which they arrive */
    record Told(List<RowData> rows, boolean appendOnly) {}

    private static final ConfigOption<String> ROWS =
            ConfigOptions.key("rows").stringType().noDefaultValue();
    private static final Map<String, Told> TOLD = new ConcurrentHashMap<>();

    static void tell(String key, Told told) {
        TOLD.put(key, told);
    }

    @Override
    public String factoryIdentifier() {
        return "told";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(ROWS);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        @Nullable String key = context.getCatalogTable().getOptions().get(ROWS.key());
        @Nullable Told told = key == null ? null : TOLD.get(key);
        if (told == null) {
            throw new ValidationException("nobody has told " + key);
        }
        ResolvedSchema schema = context.getCatalogTable().getResolvedSchema();
        int time = schema.getWatermarkSpecs().isEmpty()
                ? -1
                : schema.getColumnNames()
                        .indexOf(schema.getWatermarkSpecs().get(0).getRowtimeAttribute());
        return new ToldTable(told, context.getPhysicalRowDataType(), time);
    }
}
