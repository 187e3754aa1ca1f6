package touchline.redis;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;
import org.apache.flink.types.RowKind;
import touchline.config.Setting;
import touchline.config.Settings;

/**
 * {@code 'connector' = 'redis-streams'}: streams as a table, to read and to write. Its options are those settings of
 * {@link RedisConfig} that say where Redis is and how one writes there, by their own names, and all of {@link
 * StreamsConfig}. It reaches nothing while a table is declared or a query planned.
 */
public final class StreamsTableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {

    static final ConfigOption<String> FORMAT = ConfigOptions.key("format")
            .stringType()
            .defaultValue("json")
            .withDescription("The format of a row in its field, with its own options as json.ignore-parse-errors.");

    static final ConfigOption<Boolean> BOUNDED = ConfigOptions.key("bounded")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Read up to the entry that is the last one at the start, and end; always so in batch mode.");

    private static final Set<String> OF_REDIS = Set.of(
            "uri",
            "username",
            "password",
            "tlsCa",
            "tlsVerify",
            "batchMax",
            "maxInFlight",
            "streamMax",
            "timeoutMs",
            "attempts",
            "backoffMs");

    @Override
    public String factoryIdentifier() {
        return "redis-streams";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return options(true);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        Set<ConfigOption<?>> optional = options(false);
        optional.addAll(List.of(FORMAT, BOUNDED, FactoryUtil.SINK_PARALLELISM));
        return optional;
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        return told(context, settings -> {
            FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
            var format = helper.discoverDecodingFormat(DeserializationFormatFactory.class, FORMAT);
            helper.validate();
            onlyRows(format.getChangelogMode(), helper.getOptions().get(FORMAT));
            boolean batch = context.getConfiguration().get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH;
            return new StreamsTable(
                    settings.as(RedisConfig.class, ""),
                    settings.as(StreamsConfig.class, ""),
                    format,
                    context.getPrimaryKeyIndexes().length > 0,
                    batch || helper.getOptions().get(BOUNDED),
                    context.getPhysicalRowDataType());
        });
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        return told(context, settings -> {
            FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
            var format = helper.discoverEncodingFormat(SerializationFormatFactory.class, FORMAT);
            helper.validate();
            onlyRows(format.getChangelogMode(), helper.getOptions().get(FORMAT));
            RedisConfig redis = settings.as(RedisConfig.class, "");
            StreamsConfig streams = settings.as(StreamsConfig.class, "");
            writable(redis, streams, context.getPrimaryKeyIndexes().length > 0);
            return new StreamsTableSink(
                    redis,
                    streams,
                    format,
                    Arrays.stream(context.getPrimaryKeyIndexes()).boxed().toList(),
                    context.getPhysicalRowDataType(),
                    helper.getOptions().get(FactoryUtil.SINK_PARALLELISM));
        });
    }

    private interface Make<T> {
        T of(Settings settings);
    }

    private <T> T told(Context context, Make<T> make) {
        String table = context.getObjectIdentifier().asSummaryString();
        try {
            Map<String, String> given = new TreeMap<>(context.getCatalogTable().getOptions());
            String format = given.getOrDefault(FORMAT.key(), FORMAT.defaultValue());
            given.keySet()
                    .removeIf(key -> key.equals("connector")
                            || key.startsWith("scan.watermark.")
                            || key.startsWith(format + "."));
            Settings offered = new Settings(given);
            offered.know(Stream.concat(requiredOptions().stream(), optionalOptions().stream())
                    .map(ConfigOption::key)
                    .toList());
            offered.refuseUnknown();
            return make.of(new Settings(given));
        } catch (IllegalArgumentException e) {
            throw new ValidationException("redis-streams table " + table + ": " + e.getMessage(), e);
        }
    }

    /** What happened to a row is said by the entry, and not by the format too. */
    private static void onlyRows(ChangelogMode mode, String format) {
        if (!mode.containsOnly(RowKind.INSERT)) {
            throw new IllegalArgumentException(
                    "format=" + format + ": tells of changes itself; use json, or another one of plain rows");
        }
    }

    private static void writable(RedisConfig redis, StreamsConfig streams, boolean keyed) {
        StreamsConfig.check(streams.stream().size() == 1, "stream", streams.stream(), "to write, name one");
        String stream = streams.target();
        StreamsConfig.check(
                !stream.startsWith("tl:") && !streams.hash().startsWith("tl:"),
                stream.startsWith("tl:") ? "stream" : "rows",
                stream.startsWith("tl:") ? stream : streams.hash(),
                "keys under tl: are the market job's alone; choose another name");
        StreamsConfig.check(
                !List.of("op", "key").contains(streams.field()),
                "field",
                streams.field(),
                "that field says what happened; choose another name");
        StreamsConfig.check(
                keyed || streams.rows().isEmpty(), "rows", streams.rows(), "declare PRIMARY KEY ... NOT ENFORCED, too");
        String tag = tag(stream);
        StreamsConfig.check(
                !redis.uri().contains("-cluster:") || (!tag.isEmpty() && tag.equals(tag(streams.hash()))),
                "stream",
                stream,
                "in a Cluster all keys of a table must be on one node; give it a tag, as {" + stream + "}"
                        + (streams.rows().isEmpty() ? "" : ", and the same one to rows"));
    }

    /** What Redis takes for the slot instead of the whole key; empty without one. */
    private static String tag(String key) {
        int from = key.indexOf('{');
        int to = key.indexOf('}', from + 1);
        return from < 0 || to <= from + 1 ? "" : key.substring(from + 1, to);
    }

    /** Of the settings records; their values are read by {@link Settings}, so here they are text. */
    private static Set<ConfigOption<?>> options(boolean required) {
        List<RecordComponent> components = new ArrayList<>(List.of(StreamsConfig.class.getRecordComponents()));
        Arrays.stream(RedisConfig.class.getRecordComponents())
                .filter(component -> OF_REDIS.contains(component.getName()))
                .forEach(components::add);
        Set<ConfigOption<?>> options = new LinkedHashSet<>();
        for (RecordComponent component : components) {
            Setting setting = component.getAnnotation(Setting.class);
            boolean needed = setting.value().equals(Setting.REQUIRED);
            if (needed == required) {
                var key = ConfigOptions.key(component.getName()).stringType();
                ConfigOption<String> option = needed ? key.noDefaultValue() : key.defaultValue(setting.value());
                options.add(option.withDescription(setting.help()));
            }
        }
        return options;
    }
}
