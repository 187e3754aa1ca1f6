package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.sandbox.FlinkServer;
import touchline.sql.ToldRows.Arrival;

/**
 * Every file of {@code queries/} against its input and expected rows, {@code src/test/resources/queries/NAME/}. With
 * {@code -Dtouchline.queries.write=true} what is answered is written there, and into the header as its sample; read the difference.
 */
class QueriesIT {

    private static final long SEED = 20260620;

    @SuppressWarnings("NullAway.Init") // opened before all
    private static FlinkServer flink;

    @BeforeAll
    static void start() {
        flink = FlinkServer.start(0, Configuration.fromMap(Map.of("state.backend.type", "hashmap")));
    }

    @AfterAll
    static void stop() {
        flink.close();
    }

    static List<Question> questions() {
        return Question.all();
    }

    static List<Question> batchQuestions() {
        return Question.all().stream()
                .filter(question -> question.runs().contains("batch"))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("questions")
    void answersAsExpected(Question question) {
        List<String> answer = ask(question, Arrival.IN_ORDER);
        if (Question.writing()) {
            question.write(answer);
        }
        assertThat(answer).hasSizeGreaterThan(1).isEqualTo(question.expected());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("questions")
    void answersTheSameWhenItsInputComesShuffledWithinTheWatermark(Question question) {
        assertThat(ask(question, Arrival.SHUFFLED)).isEqualTo(question.expected());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("batchQuestions")
    void answersTheSameInBatch(Question question) {
        assertThat(ask(question, Arrival.AT_THE_END)).isEqualTo(question.expected());
    }

    private static List<String> ask(Question question, Arrival arrival) {
        return Question.aligned(Desk.open(flink, question.input(), arrival, SEED)
                .ask(Script.statements(question.sql()).get(0).text()));
    }
}
