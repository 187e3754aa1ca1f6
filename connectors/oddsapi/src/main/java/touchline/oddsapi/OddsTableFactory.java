package touchline.oddsapi;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.LogicalType;
import touchline.config.Setting;
import touchline.config.Settings;

/**
 * {@code 'connector' = 'odds-api'}: the odds of some sports as a table to read from. Its options are the settings of
 * {@link OddsApiConfig} by their own names, without those of scores, and {@code once}. It reaches nothing while a table
 * is declared or a query planned.
 */
public final class OddsTableFactory implements DynamicTableSourceFactory {

    static final ConfigOption<Boolean> ONCE = ConfigOptions.key("once")
            .booleanType()
            .defaultValue(false)
            .withDescription("Ask each sport once, and end; always so in batch mode.");

    /** Of a source that asks for scores, too. */
    private static final Set<String> OF_SCORES = Set.of("scores", "scoresPollMs", "daysFrom");

    @Override
    public String factoryIdentifier() {
        return "odds-api";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return options(true);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        Set<ConfigOption<?>> optional = options(false);
        optional.add(ONCE);
        return optional;
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        String table = context.getObjectIdentifier().asSummaryString();
        try {
            Map<String, String> given = new TreeMap<>(context.getCatalogTable().getOptions());
            given.keySet().removeIf(key -> key.equals("connector") || key.startsWith("scan.watermark."));
            Settings offered = new Settings(given);
            offered.know(offeredKeys());
            offered.refuseUnknown();
            given.put("scores", "false");
            OddsApiConfig config = new Settings(given).as(OddsApiConfig.class, "");
            boolean once = FactoryUtil.createTableFactoryHelper(this, context)
                    .getOptions()
                    .get(ONCE);
            boolean batch = context.getConfiguration().get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH;
            List<Column> columns = context.getCatalogTable().getResolvedSchema().getColumns();
            return new OddsTable(config, once || batch, physical(columns));
        } catch (IllegalArgumentException e) {
            throw new ValidationException("odds-api table " + table + ": " + e.getMessage(), e);
        }
    }

    private static List<OddsColumn> physical(List<Column> columns) {
        List<OddsColumn> physical = new ArrayList<>();
        for (Column column : columns) {
            if (column.isPhysical()) {
                physical.add(offered(column));
            }
        }
        return physical;
    }

    private static OddsColumn offered(Column column) {
        OddsColumn offered = OddsColumn.named(column.getName())
                .orElseThrow(() -> new IllegalArgumentException(
                        "column " + column.getName() + ": is not offered; use some of " + names()));
        if (offered.isMetadata()) {
            throw new IllegalArgumentException("column " + column.getName() + ": declare it "
                    + offered.type().getLogicalType() + " METADATA");
        }
        LogicalType type = column.getDataType().getLogicalType().copy(true);
        if (!type.equals(offered.type().getLogicalType())) {
            throw new IllegalArgumentException("column " + column.getName() + ": is "
                    + type.asSummaryString() + "; declare it "
                    + offered.type().getLogicalType().asSummaryString());
        }
        return offered;
    }

    private static List<String> names() {
        return Arrays.stream(OddsColumn.values())
                .filter(column -> !column.isMetadata())
                .map(OddsColumn::column)
                .toList();
    }

    private Set<String> offeredKeys() {
        Set<ConfigOption<?>> all = requiredOptions();
        all.addAll(optionalOptions());
        return all.stream().map(ConfigOption::key).collect(Collectors.toSet());
    }

    /** Of the settings record; their values are read by {@link Settings}, so here they are text. */
    private static Set<ConfigOption<?>> options(boolean required) {
        Set<ConfigOption<?>> options = new LinkedHashSet<>();
        for (RecordComponent component : OddsApiConfig.class.getRecordComponents()) {
            Setting setting = component.getAnnotation(Setting.class);
            boolean needed = setting.value().equals(Setting.REQUIRED);
            if (needed == required && !OF_SCORES.contains(component.getName())) {
                var key = ConfigOptions.key(component.getName()).stringType();
                ConfigOption<String> option = needed ? key.noDefaultValue() : key.defaultValue(setting.value());
                options.add(option.withDescription(setting.help()));
            }
        }
        return options;
    }
}
