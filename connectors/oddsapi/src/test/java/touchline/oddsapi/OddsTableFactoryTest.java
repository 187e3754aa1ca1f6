package touchline.oddsapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.config.Setting;

class OddsTableFactoryTest {

    private static final ResolvedSchema SCHEMA = ResolvedSchema.of(
            Column.physical("sport", DataTypes.STRING()),
            Column.physical("price", DataTypes.DECIMAL(10, 3)),
            Column.metadata("poll_time", DataTypes.TIMESTAMP_LTZ(3), null, true));

    @Test
    void offersTheSettingsOfTheSourceWithoutThoseOfScores() {
        OddsTableFactory factory = new OddsTableFactory();
        List<String> expected = new ArrayList<>();
        for (var component : OddsApiConfig.class.getRecordComponents()) {
            if (!List.of("sports", "scores", "scoresPollMs", "daysFrom").contains(component.getName())) {
                Setting setting = component.getAnnotation(Setting.class);
                expected.add(component.getName() + "=" + setting.value());
            }
        }
        expected.add("once=false");

        assertThat(factory.requiredOptions()).extracting(ConfigOption::key).containsExactly("sports");
        assertThat(factory.optionalOptions())
                .extracting(option -> option.key() + "=" + option.defaultValue())
                .containsExactlyElementsOf(expected);
    }

    @Test
    void itsPageNamesEveryOptionAndColumnWithItsHelp() throws IOException {
        String page = Files.readString(Path.of("README.md"));
        OddsTableFactory factory = new OddsTableFactory();

        assertThat(page).contains("| `sports` | required | ");
        for (ConfigOption<?> option : factory.optionalOptions()) {
            String value = option.defaultValue().toString();
            assertThat(page)
                    .contains("| `" + option.key() + "` | " + (value.isEmpty() ? "none" : "`" + value + "`") + " | ");
        }
        for (OddsColumn column : OddsColumn.values()) {
            String type = column.type() + (column.isMetadata() ? " METADATA" : "");
            assertThat(page).contains("| `" + column.column() + "` | `" + type + "` | " + column.help() + " |");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sports     | soccer EPL | sports=soccer EPL: use lower case letters, digits and '_'
            markets    | btts       | markets=[btts]: use some of
            livePollMs | often      | livePollMs=often: a whole number of at most
            livePolMs  | 5          | unknown setting livePolMs; did you mean livePollMs?
            scores     | true       | unknown setting scores
            apiKey     | 0123456789 | apiKey: a secret is needed (a secret is given as env:NAME or file:PATH, never itself)
            baseUrl    | nowhere    | baseUrl=nowhere: give https://host
            """)
    void refusesWithOptionValueAndRemedy(String option, String value, String message) {
        Throwable refusal = catchThrowable(() -> table(Map.of(option, value)));

        assertThat(refusal).isInstanceOf(ValidationException.class);
        assertThat(refusal.getCause())
                .isInstanceOf(ValidationException.class)
                .hasMessageStartingWith("odds-api table c.d.odds: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("0123456789");
    }

    @Test
    void refusesColumnsItHasNotAndTypesItDoesNotGive() {
        assertThat(refusal(Column.physical("odds", DataTypes.STRING())))
                .hasMessageContaining("column odds: is not offered; use some of [match_id, sport, ");
        assertThat(refusal(Column.physical("price", DataTypes.DOUBLE())))
                .hasMessageContaining("column price: is DOUBLE; declare it DECIMAL(10, 3)");
        assertThat(refusal(Column.physical("poll_time", DataTypes.TIMESTAMP_LTZ(3))))
                .hasMessageContaining("column poll_time: declare it TIMESTAMP_LTZ(3) METADATA");
        assertThatThrownBy(() -> FactoryUtil.createDynamicTableSource(
                        null,
                        ObjectIdentifier.of("c", "d", "odds"),
                        resolved(SCHEMA, Map.of("connector", "odds-api")),
                        new TreeMap<>(),
                        new Configuration(),
                        getClass().getClassLoader(),
                        false))
                .cause()
                .hasMessageContaining("sports must be set: Sport keys, as soccer_epl,basketball_nba");
    }

    @Test
    void asksOnlyForWhatTheFiltersLeave() {
        OddsTable table = table(Map.of("sports", "a,b,c", "bookmakers", "x,y"));

        ResolvedExpression sport = or(is("sport", "a"), is("sport", "c"), is("sport", "unknown"));
        ResolvedExpression price = is("outcome", "home");
        SupportsFilterPushDown.Result result =
                table.applyFilters(List.of(sport, is("market", "h2h"), is("bookmaker", "y"), price));

        assertThat(result.getAcceptedFilters()).hasSize(3).doesNotContain(price);
        assertThat(result.getRemainingFilters()).as("rows are filtered, too").hasSize(4);
        assertThat(table.asSummaryString()).isEqualTo("odds-api {SPORT=[a, c], BOOKMAKER=[y], MARKET=[h2h]}");
        assertThat(table.asked().isNothing()).isFalse();
    }

    @Test
    void neverAsksForLessThanTheRowsThatAreWanted() {
        OddsTable table = table(Map.of("sports", "a,b"));

        table.applyFilters(List.of(
                or(is("sport", "a"), is("market", "h2h")),
                or(is("sport", "a"), call(BuiltInFunctionDefinitions.NOT_EQUALS, field("sport"), literal("b"))),
                call(BuiltInFunctionDefinitions.NOT, is("sport", "a")),
                call(BuiltInFunctionDefinitions.AND, is("sport", "a"), is("sport", "b")),
                // A bookmaker of another region would be heard by name: only the rows are filtered.
                is("bookmaker", "x")));

        assertThat(table.asSummaryString()).isEqualTo("odds-api {SPORT=[a, b], MARKET=[h2h, spreads, totals]}");
    }

    @Test
    void asksNobodyWhereNoRowCanPass() {
        OddsTable table = table(Map.of("sports", "a,b"));
        OddsTable untouched = (OddsTable) table.copy();

        table.applyFilters(List.of(is("sport", "a"), is("sport", "b")));

        assertThat(table.asked().isNothing()).isTrue();
        assertThat(untouched.asked().isNothing()).as("a copy is its own").isFalse();
    }

    private static ResolvedExpression or(ResolvedExpression... any) {
        return call(BuiltInFunctionDefinitions.OR, any);
    }

    private static ResolvedExpression is(String column, String value) {
        return call(BuiltInFunctionDefinitions.EQUALS, field(column), literal(value));
    }

    private static ResolvedExpression field(String column) {
        return new FieldReferenceExpression(column, DataTypes.STRING(), 0, 0);
    }

    private static ResolvedExpression literal(String value) {
        return new ValueLiteralExpression(value, DataTypes.STRING().notNull());
    }

    private static ResolvedExpression call(BuiltInFunctionDefinition function, ResolvedExpression... of) {
        DataType type = DataTypes.BOOLEAN();
        return CallExpression.permanent(function, List.of(of), type);
    }

    private @Nullable Throwable refusal(Column column) {
        Throwable refusal = catchThrowable(() -> table(ResolvedSchema.of(column), Map.of()));
        assertThat(refusal).isNotNull();
        return refusal.getCause();
    }

    private OddsTable table(Map<String, String> options) {
        return table(SCHEMA, options);
    }

    private OddsTable table(ResolvedSchema schema, Map<String, String> options) {
        Map<String, String> all = new TreeMap<>(Map.of("connector", "odds-api", "sports", "soccer_epl"));
        all.putAll(options);
        return (OddsTable) FactoryUtil.createDynamicTableSource(
                null,
                ObjectIdentifier.of("c", "d", "odds"),
                resolved(schema, all),
                new TreeMap<>(),
                new Configuration(),
                getClass().getClassLoader(),
                false);
    }

    private static ResolvedCatalogTable resolved(ResolvedSchema schema, Map<String, String> options) {
        CatalogTable table = CatalogTable.newBuilder()
                .schema(Schema.newBuilder().fromResolvedSchema(schema).build())
                .options(options)
                .build();
        return new ResolvedCatalogTable(table, schema);
    }
}
