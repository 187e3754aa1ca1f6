package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

    /** Odds, and what they imply without the margin, by the multiplicative method: from independent root finders. */
    private static final String ORACLE = """
            4.2 3.7 1.95 | 0.2331555986 0.2646631120 0.5021812894
            2.45 3.7 2.9 | 0.3988847584 0.2641263941 0.3369888476
            2.05 3.2 3.8 | 0.4586948321 0.2938513768 0.2474537910
            1.595 3.99 6.76 | 0.6113605017 0.2443909775 0.1442485208
            1.19 7 14 | 0.7968127490 0.1354581673 0.0677290837
            2.6 2.4 4.3 | 0.3720259553 0.4030281182 0.2249459265
            2.7 2.3 4.4 | 0.3587380362 0.4211272598 0.2201347040
            1.5 2.74 | 0.6462264151 0.3537735849
            1.9 1.9 | 0.5000000000 0.5000000000
            1.95 1.85 | 0.4868421053 0.5131578947
            """;

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

    @Test
    void probabilitiesAreThoseOfAnIndependentSource() {
        List<String> oracle = ORACLE.lines().toList();
        StringBuilder input =
                new StringBuilder("quotes\nmatch_id | market | source | bookmaker | prices | stamp_time | log_time\n");
        Map<String, Double> expected = new TreeMap<>();
        for (int i = 0; i < oracle.size(); i++) {
            String[] line = oracle.get(i).split(" \\| ");
            String[] odds = line[0].split(" ");
            String[] probabilities = line[1].split(" ");
            List<String> outcomes = odds.length == 2 ? List.of("home", "away") : List.of("home", "draw", "away");
            List<String> prices = new ArrayList<>();
            for (int o = 0; o < odds.length; o++) {
                prices.add("\"" + outcomes.get(o) + "\":" + odds[o]);
                expected.put(i + " " + outcomes.get(o), Double.valueOf(probabilities[o]));
            }
            input.append(i + " | h2h | s | b | {" + String.join(",", prices) + "} | 15:00:00 | 15:00:00\n");
        }
        List<List<String>> answer = Desk.open(flink, input.toString(), Arrival.IN_ORDER, SEED)
                .ask("SELECT match_id, outcome, probability FROM quoted_prices");
        assertThat(answer).hasSize(expected.size() + 1);
        for (List<String> row : answer.subList(1, answer.size())) {
            assertThat(Double.parseDouble(row.get(2)))
                    .as("%s", row)
                    .isCloseTo(expected.get(row.get(0) + " " + row.get(1)), within(1e-9));
        }
    }

    /** Also while it changes: what is summed up apart from what it is divided by would be of another moment. */
    @Test
    void whatIsHeldProbableTogetherIsAProbabilityAtEveryMoment() {
        List<List<String>> held = Desk.open(flink, Question.read("consensus").input(), Arrival.IN_ORDER, SEED)
                .everHeld("SELECT match_id, market, outcome, probability FROM consensus");
        assertThat(held)
                .hasSizeGreaterThan(5)
                .allSatisfy(row -> assertThat(Double.parseDouble(row.get(3)))
                        .isGreaterThan(0)
                        .isLessThan(1));
    }

    private static List<String> ask(Question question, Arrival arrival) {
        return Question.aligned(Desk.open(flink, question.input(), arrival, SEED)
                .ask(Script.statements(question.sql()).get(0).text()));
    }
}
