package touchline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.UniqueConstraint;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamsTableFactoryTest {

    private static final List<Column> COLUMNS = List.of(
            Column.physical("market", DataTypes.STRING().notNull()), Column.physical("price", DataTypes.DECIMAL(9, 3)));
    private static final ResolvedSchema APPENDED = new ResolvedSchema(COLUMNS, List.of(), null);
    private static final ResolvedSchema KEYED =
            new ResolvedSchema(COLUMNS, List.of(), UniqueConstraint.primaryKey("key", List.of("market")));

    @Test
    void keepsItsOptionsAndDefaults() {
        StreamsTableFactory factory = new StreamsTableFactory();

        assertThat(factory.requiredOptions()).extracting(ConfigOption::key).containsExactly("stream");
        assertThat(factory.optionalOptions())
                .extracting(option -> option.key() + "=" + option.defaultValue())
                .containsExactly(
                        "field=value",
                        "from=earliest",
                        "pollMs=50",
                        "readMax=1000",
                        "rows=",
                        "uri=redis://127.0.0.1:6379",
                        "username=",
                        "password=",
                        "tlsCa=",
                        "tlsVerify=full",
                        "batchMax=128",
                        "maxInFlight=4096",
                        "streamMax=100000",
                        "timeoutMs=2000",
                        "attempts=10",
                        "backoffMs=50",
                        "format=json",
                        "bounded=false",
                        "sink.parallelism=null");
    }

    @Test
    void itsPageNamesEveryOptionAndColumn() throws IOException {
        String page = Files.readString(Path.of("README.md"));

        assertThat(page).contains("| `stream` | required | ");
        for (ConfigOption<?> option : new StreamsTableFactory().optionalOptions()) {
            Object value = option.hasDefaultValue() ? option.defaultValue() : "";
            String shown = value.toString().isEmpty() ? "none" : "`" + value + "`";
            assertThat(page).contains("| `" + option.key() + "` | " + shown + " | ");
        }
        for (EntryColumn column : EntryColumn.values()) {
            assertThat(page)
                    .contains("| `" + column.column() + "` | `" + column.type() + "` | " + column.help() + " |");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            strem     | x              | unknown setting strem; did you mean stream?
            shards    | 4              | unknown setting shards
            stream    | a,b            | stream=[a, b]: to write, name one
            stream    | tl:s           | stream=tl:s: keys under tl: are the market job's alone; choose another name
            field     | op             | field=op: that field says what happened; choose another name
            from      | yesterday      | from=yesterday: use earliest, latest, an entry's id as
            rows      | all            | rows=all: declare PRIMARY KEY ... NOT ENFORCED, too
            pollMs    | soon           | pollMs=soon: a whole number of at most
            password  | 0123456789     | password: a secret is needed (a secret is given as env:NAME or file:PATH, never itself)
            uri       | redis://u:0123456789@h | uri must not carry a user or password: set username and password
            uri       | redis-cluster://h:1    | stream=best: in a Cluster all keys of a table must be on one node; give it a tag, as {best}
            format    | debezium-json  | format=debezium-json: tells of changes itself; use json
            """)
    void refusesToWriteWithOptionValueAndRemedy(String option, String value, String message) {
        Throwable refusal = catchThrowable(() -> sink(APPENDED, Map.of(option, value)));

        assertThat(refusal).isInstanceOf(ValidationException.class);
        assertThat(refusal.getCause())
                .isInstanceOf(ValidationException.class)
                .hasMessageStartingWith("redis-streams table c.d.best: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("0123456789");
    }

    @Test
    void aWrongOptionOfTheFormatIsRefusedAndARightOneIsNot() {
        assertThat(catchThrowable(() -> source(APPENDED, Map.of("json.ignore", "true")))
                        .getCause())
                .hasMessageContaining("json.ignore");
        assertThat(source(APPENDED, Map.of("json.ignore-parse-errors", "true"))).isNotNull();
    }

    @Test
    void readsSeveralStreamsAlsoOfACluster() {
        ScanTableSource source = source(
                APPENDED, Map.of("stream", "tl:{a}:s,b", "uri", "redis-cluster://h:1", "field", "u", "from", "5-0"));

        assertThat(source.asSummaryString()).isEqualTo("redis-streams [tl:{a}:s, b] from 5-0");
        assertThat(source.getChangelogMode()).isEqualTo(ChangelogMode.insertOnly());
    }

    @Test
    void aPrimaryKeyLetsRowsChangeAndGo() {
        assertThat(sink(KEYED, Map.of()).getChangelogMode(ChangelogMode.all()).contains(RowKind.DELETE))
                .isTrue();
        assertThat(source(KEYED, Map.of()).getChangelogMode().contains(RowKind.DELETE))
                .isTrue();
        assertThat(sink(APPENDED, Map.of()).getChangelogMode(ChangelogMode.all()))
                .isEqualTo(ChangelogMode.insertOnly());
        assertThat(sink(KEYED, Map.of("stream", "{best}:s", "rows", "{best}:now", "uri", "redis-cluster://h:1")))
                .isNotNull();
    }

    @Test
    void readingBeginsWhereItIsTold() {
        assertThat(streams("earliest").after("7-1")).isEqualTo("0-0");
        assertThat(streams("latest").after("7-1")).isEqualTo("7-1");
        assertThat(streams("6-3").after("7-1")).isEqualTo("6-3");
        assertThat(streams("1970-01-01T00:00:06Z").after("7-1")).isEqualTo("5999-18446744073709551615");
        assertThat(streams("1970-01-01T00:00:00Z").after("7-1")).isEqualTo("0-0");
    }

    @Test
    void idsAreInTheirOrderUpToTheLast() {
        assertThat(StreamSplit.compare("9-0", "10-0")).isNegative();
        assertThat(StreamSplit.compare("10-9", "10-10")).isNegative();
        assertThat(StreamSplit.compare("5-18446744073709551615", "5-1")).isPositive();
        assertThat(StreamSplit.compare("5-1", "5-1")).isZero();
    }

    @Test
    void splitsAndPlansOutliveTheirBytes() throws IOException {
        StreamSplit.Serializer splits = new StreamSplit.Serializer();
        StreamsEnumerator.Serializer plans = new StreamsEnumerator.Serializer();
        StreamSplit open = new StreamSplit("ä", "5-1", null);
        StreamSplit bounded = new StreamSplit("b", "5-1", "6-0");
        StreamsEnumerator.Plan plan = new StreamsEnumerator.Plan(List.of(open, bounded), List.of("c"));

        for (StreamSplit split : List.of(open, bounded)) {
            assertThat(splits.deserialize(1, splits.serialize(split))).isEqualTo(split);
        }
        assertThat(plans.deserialize(1, plans.serialize(plan))).isEqualTo(plan);
    }

    private static StreamsConfig streams(String from) {
        return new StreamsConfig(List.of("s"), "value", from, 50, 1000, "");
    }

    private static DynamicTableSink sink(ResolvedSchema schema, Map<String, String> options) {
        return FactoryUtil.createDynamicTableSink(
                null,
                ObjectIdentifier.of("c", "d", "best"),
                table(schema, options),
                new TreeMap<>(),
                new Configuration(),
                StreamsTableFactoryTest.class.getClassLoader(),
                false);
    }

    private static ScanTableSource source(ResolvedSchema schema, Map<String, String> options) {
        return (ScanTableSource) FactoryUtil.createDynamicTableSource(
                null,
                ObjectIdentifier.of("c", "d", "best"),
                table(schema, options),
                new TreeMap<>(),
                new Configuration(),
                StreamsTableFactoryTest.class.getClassLoader(),
                false);
    }

    private static ResolvedCatalogTable table(ResolvedSchema schema, Map<String, String> options) {
        Map<String, String> all = new TreeMap<>(Map.of("connector", "redis-streams", "stream", "best"));
        all.putAll(options);
        CatalogTable table = CatalogTable.newBuilder()
                .schema(Schema.newBuilder().fromResolvedSchema(schema).build())
                .options(all)
                .build();
        return new ResolvedCatalogTable(table, schema);
    }
}
