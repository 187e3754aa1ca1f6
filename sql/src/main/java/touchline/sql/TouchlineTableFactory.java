package touchline.sql;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/** {@code 'connector' = 'touchline'}: the tables that are made of the topics {@code updates} and {@code feed}. Sources only. */
public final class TouchlineTableFactory implements DynamicTableSourceFactory {

    static final String IDENTIFIER = "touchline";

    private static final String KAFKA = "properties.";

    private static final ConfigOption<String> TABLE =
            ConfigOptions.key("table").stringType().noDefaultValue().withDescription("Which of the tables.");

    private static final ConfigOption<String> TOPIC = ConfigOptions.key("topic")
            .stringType()
            .noDefaultValue()
            .withDescription("The Kafka topic that it is read from.");

    private static final ConfigOption<String> BOOTSTRAP = ConfigOptions.key(KAFKA + "bootstrap.servers")
            .stringType()
            .noDefaultValue()
            .withDescription("Brokers; further options that begin with 'properties.' go to the Kafka client, too.");

    private static final ConfigOption<String> CLIENT_PROPERTIES = ConfigOptions.key("client-properties")
            .stringType()
            .defaultValue("")
            .withDescription(
                    "A file of further Kafka client properties (security, ...), read where the query is planned:"
                            + " what is secret in it stands in no table. Empty for none.");

    private static final ConfigOption<Start> START = ConfigOptions.key("scan.startup.mode")
            .enumType(Start.class)
            .defaultValue(Start.EARLIEST_OFFSET)
            .withDescription("Where reading begins. What is folded of updates is whole from the earliest only.");

    private static final ConfigOption<Long> START_MS = ConfigOptions.key("scan.startup.timestamp-millis")
            .longType()
            .defaultValue(0L)
            .withDescription("Where scan.startup.mode is timestamp: from records of this time on, ms UTC.");

    private static final ConfigOption<End> END = ConfigOptions.key("scan.bounded.mode")
            .enumType(End.class)
            .defaultValue(End.UNBOUNDED)
            .withDescription("Where reading ends; in batch always at what the topic holds when the query starts.");

    /** Where reading begins. */
    public enum Start {
        EARLIEST_OFFSET,
        LATEST_OFFSET,
        TIMESTAMP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Where reading ends. */
    public enum End {
        UNBOUNDED,
        LATEST_OFFSET;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public String factoryIdentifier() {
        return IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(TABLE, TOPIC, BOOTSTRAP);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of(CLIENT_PROPERTIES, START, START_MS, END);
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validateExcept(KAFKA);
        ReadableConfig options = helper.getOptions();
        String table = options.get(TABLE);
        DataType declared = context.getPhysicalRowDataType();
        boolean batch = context.getConfiguration().get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH;
        Topic topic = new Topic(
                options.get(TOPIC),
                clock(table),
                client(options.get(CLIENT_PROPERTIES), context.getCatalogTable().getOptions()),
                start(options),
                batch || options.get(END) == End.LATEST_OFFSET);
        return new TouchlineTable(table, topic, reading(table, (RowType) declared.getLogicalType()), declared, batch);
    }

    private static Topic.Clock clock(String table) {
        return switch (table) {
            case FeedTables.FEED, FeedTables.MANUAL_DOCUMENTS, RejectedRows.TABLE -> Topic.Clock.RECORD;
            case QuoteRows.TABLE -> Topic.Clock.QUOTE;
            default -> Topic.Clock.UPDATE;
        };
    }

    private static TouchlineTable.Reading reading(String table, RowType declared) {
        return switch (table) {
            case FeedTables.FEED ->
                new TouchlineTable.Each(new FeedRows(new Shape<>(table, FeedTables.feed(), declared), false));
            case FeedTables.MANUAL_DOCUMENTS ->
                new TouchlineTable.Each(new FeedRows(new Shape<>(table, FeedTables.manualDocuments(), declared), true));
            case RejectedRows.TABLE -> new TouchlineTable.Each(new RejectedRows(declared));
            case QuoteRows.TABLE -> new TouchlineTable.Followed(new QuoteRows(declared), false);
            case Tables.UPDATES ->
                new TouchlineTable.Followed(new EachUpdate(new Shape<>(table, Tables.updates(), declared)), true);
            default -> new TouchlineTable.Followed(new Fold(Tables.rows(table, declared)), false);
        };
    }

    private static OffsetsInitializer start(ReadableConfig options) {
        long ms = options.get(START_MS);
        return switch (options.get(START)) {
            case EARLIEST_OFFSET -> OffsetsInitializer.earliest();
            case LATEST_OFFSET -> OffsetsInitializer.latest();
            case TIMESTAMP -> {
                if (ms <= 0) {
                    throw new ValidationException(
                            "'scan.startup.mode' = 'timestamp' needs 'scan.startup.timestamp-millis', ms UTC");
                }
                yield OffsetsInitializer.timestamp(ms);
            }
        };
    }

    /** What the options say counts before what the file says. */
    static Properties client(String file, Map<String, String> options) {
        Properties client = new Properties();
        if (!file.isEmpty()) {
            try (Reader reader = Files.newBufferedReader(Path.of(file))) {
                client.load(reader);
            } catch (IOException e) {
                throw new ValidationException(
                        "'client-properties' = '" + file + "' cannot be read: create it where the query is planned,"
                                + " at the SQL gateway, or leave it empty",
                        e);
            }
        }
        options.forEach((key, value) -> {
            if (key.startsWith(KAFKA)) {
                client.setProperty(key.substring(KAFKA.length()), value);
            }
        });
        return client;
    }
}
