package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.sandbox.FlinkServer;
import touchline.sandbox.KafkaServer;
import touchline.sandbox.RedisServer;
import touchline.sql.ToldRows.Arrival;

/**
 * Every file of {@code running/}, with a real Kafka and a real Redis: what it keeps there is read back, and is what {@code
 * src/test/resources/running/NAME/} expects of its input.
 */
class RunningIT {

    private static final String OWN = "default_catalog.default_database.";

    private static final Path CASES = Path.of("src", "test", "resources", "running");

    @SuppressWarnings("NullAway.Init") // opened before all
    private static KafkaServer kafka;

    @SuppressWarnings("NullAway.Init")
    private static RedisServer redis;

    @SuppressWarnings("NullAway.Init")
    private static FlinkServer flink;

    @BeforeAll
    static void start() {
        kafka = KafkaServer.start(0);
        redis = RedisServer.start(0);
        flink = FlinkServer.start(0, Configuration.fromMap(Map.of("state.backend.type", "hashmap")));
        assertThat(new ResultTopic("best-prices", 2, true).make(where())).isTrue();
    }

    @AfterAll
    static void stop() {
        flink.close();
        redis.close();
        kafka.close();
    }

    static List<Maintained> maintained() {
        return Maintained.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("maintained")
    void keepsWhatIsExpected(Maintained kept) throws Exception {
        Path directory = CASES.resolve(kept.name());
        Desk desk = Desk.open(flink, Question.text(directory.resolve("input.txt")), Arrival.IN_ORDER, 1);
        Map<String, String> settings = Map.of("kafka.bootstrap", kafka.bootstrap(), "redis.uri", redis.uri());
        for (String statement : kept.statements()) {
            desk.run(CatalogText.filled(statement, settings));
        }
        List<String> answer = Question.aligned(desk.ask(readBack(kept)));
        if (Question.writing()) {
            Question.write(directory.resolve("expected.txt"), String.join("\n", answer) + "\n");
        }
        assertThat(answer)
                .hasSizeGreaterThan(1)
                .isEqualTo(
                        Question.text(directory.resolve("expected.txt")).lines().toList());
    }

    @Test
    void aTopicThatIsThereIsKeptAndOneThatKeepsOtherwiseIsRefused() {
        assertThat(new ResultTopic("best-prices", 2, true).make(where())).isFalse();
        assertThatThrownBy(() -> new ResultTopic("best-prices", 2, false).make(where()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("topic=best-prices is there already, with cleanup.policy=compact where delete is asked:"
                        + " choose another name, or change it with Kafka's own tools");
        assertThatThrownBy(() -> new ResultTopic("best prices", 1, true).make(where()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("topic=best prices was refused by Kafka: ");
        assertThatThrownBy(() -> new ResultTopic("none", 0, true).make(where()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("topic=none was refused by Kafka: ");
        assertThatThrownBy(() -> new ResultTopic("best-prices", 1, true)
                        .make(Map.of("kafka.bootstrap", "127.0.0.1:" + FreePort.find())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("did not answer within 5 s");
        assertThatThrownBy(() -> new ResultTopic("best-prices", 1, true)
                        .make(Map.of("kafka.bootstrap", kafka.bootstrap(), "kafka.clientProperties", "/not/there")))
                .hasMessageStartingWith("kafka.clientProperties=/not/there cannot be read");
    }

    private static Map<String, String> where() {
        return Map.of("kafka.bootstrap", kafka.bootstrap());
    }

    /** The table that the file makes, up to the present. */
    private static String readBack(Maintained kept) {
        String made = kept.statements().get(0);
        String bounded =
                made.contains("'redis-streams'") ? "'bounded' = 'true'" : "'scan.bounded.mode' = 'latest-offset'";
        String table = made.substring(made.indexOf(OWN)).split("[\\s(]", 2)[0];
        return "SELECT * FROM " + table + " /*+ OPTIONS(" + bounded + ") */";
    }
}
