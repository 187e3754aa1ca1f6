package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file, against the catalog as it is: planned, not run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlanTest {

    private static final Map<String, String> SETTINGS = Map.of("kafka.bootstrap", "127.0.0.1:9");

    private final TableEnvironment streaming = session(false);
    private final TableEnvironment batch = session(true);

    static List<Question> questions() {
        return Question.all();
    }

    static List<Maintained> maintained() {
        return Maintained.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("questions")
    void aQuestionIsPlannedInEveryModeThatItRunsIn(Question question) {
        for (String mode : question.runs()) {
            String query = Script.statements(question.sql()).get(0).text();
            assertThat((mode.equals("batch") ? batch : streaming).explainSql(query))
                    .as(mode)
                    .contains("touchline, live");
        }
    }

    /** In batch Flink 1.20 takes the rows as they arrive: FLINK-33722. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("questions")
    void aPatternIsAskedInStreamingOnly(Question question) {
        boolean matches = question.sql().contains("MATCH_RECOGNIZE");
        assertThat(matches && question.runs().contains("batch")).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("maintained")
    void whatIsKeptIsPlanned(Maintained kept) {
        assertThat(kept.settings()).containsExactly("SET 'execution.checkpointing.interval' = '10 s'");
        assertThat(kept.statements()).hasSize(2);
        streaming.executeSql(CatalogText.filled(kept.statements().get(0), SETTINGS));
        assertThatCode(() -> streaming.explainSql(kept.statements().get(1))).doesNotThrowAnyException();
    }

    private static TableEnvironment session(boolean batch) {
        EnvironmentSettings.Builder settings = EnvironmentSettings.newInstance().withBuiltInCatalogName("built_in");
        TableEnvironment session =
                TableEnvironment.create((batch ? settings.inBatchMode() : settings.inStreamingMode()).build());
        session.executeSql("CREATE CATALOG touchline WITH ('type' = 'touchline', 'kafka.bootstrap' = '127.0.0.1:9')");
        session.executeSql(Desk.OWN_CATALOG);
        session.useCatalog(TouchlineCatalog.NAME);
        return session;
    }
}
