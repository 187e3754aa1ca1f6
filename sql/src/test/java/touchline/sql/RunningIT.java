package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
    static void start() throws Exception {
        kafka = KafkaServer.start(0);
        redis = RedisServer.start(0);
        flink = FlinkServer.start(0, Configuration.fromMap(Map.of("state.backend.type", "hashmap")));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            NewTopic topic = new NewTopic("best-prices", 2, (short) 1);
            admin.createTopics(List.of(topic.configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        }
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

    /** The table that the file makes, up to the present. */
    private static String readBack(Maintained kept) {
        String made = kept.statements().get(0);
        String bounded =
                made.contains("'redis-streams'") ? "'bounded' = 'true'" : "'scan.bounded.mode' = 'latest-offset'";
        String table = made.substring(made.indexOf(OWN)).split("[\\s(]", 2)[0];
        return "SELECT * FROM " + table + " /*+ OPTIONS(" + bounded + ") */";
    }
}
