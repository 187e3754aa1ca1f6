package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.sandbox.FlinkServer;
import touchline.sandbox.KafkaServer;
import touchline.update.MarketUpdate;

/**
 * Every question to the catalog's own tables, over a real Kafka that holds what the golden scenarios told and said, each update
 * twice. What is answered stands in {@code src/test/resources/scenarios/}.
 */
class ScenariosIT {

    private static final Path EXPECTED = Path.of("src", "test", "resources", "scenarios");

    @SuppressWarnings("NullAway.Init") // opened before all
    private static ScenarioLog log;

    @SuppressWarnings("NullAway.Init")
    private static KafkaServer kafka;

    @SuppressWarnings("NullAway.Init")
    private static FlinkServer flink;

    @SuppressWarnings("NullAway.Init")
    private static Desk streaming;

    @SuppressWarnings("NullAway.Init")
    private static Desk batch;

    @BeforeAll
    static void start() throws Exception {
        log = ScenarioLog.read();
        kafka = KafkaServer.start(0);
        flink = FlinkServer.start(0, Configuration.fromMap(Map.of("state.backend.type", "hashmap")));
        Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrap());
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(Stream.of("feed", "updates", "quotes", "feed.rejected")
                            .map(topic -> new NewTopic(topic, ScenarioLog.PARTITIONS, (short) 1)
                                    .configs(Map.of("retention.ms", "-1")))
                            .toList())
                    .all()
                    .get();
        }
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> record : log.records) {
                boolean twice = record.topic().equals("updates");
                for (int i = 0; i < (twice ? 2 : 1); i++) {
                    sent.add(producer.send(record));
                }
            }
        }
        for (Future<?> one : sent) {
            one.get();
        }
        Map<String, String> settings = Map.of("kafka.bootstrap", kafka.bootstrap());
        streaming = Desk.live(flink, settings, false);
        batch = Desk.live(flink, settings, true);
    }

    @AfterAll
    static void stop() {
        flink.close();
        kafka.close();
    }

    /** None of them was refused an hour ago: the scenarios are of 1970. */
    static List<Question> questions() {
        return Question.all().stream()
                .filter(question -> !question.name().equals("refused-last-hour"))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("questions")
    void answersTheSameInStreamingAndInBatch(Question question) {
        Path file = EXPECTED.resolve(question.name() + ".txt");
        String query = Script.statements(question.sql()).get(0).text();
        List<String> answer = Question.aligned(streaming.ask(query));
        if (Question.writing()) {
            Question.write(file, String.join("\n", answer) + "\n");
        }
        assertThat(answer).isEqualTo(Question.text(file).lines().toList());
        if (question.runs().contains("batch")) {
            assertThat(Question.aligned(batch.ask(query))).isEqualTo(answer);
        }
    }

    @Test
    void suspensionsAreThoseThatTheUpdatesSay() {
        Map<String, Map<String, String>> books = new HashMap<>();
        Map<String, Long> begun = new TreeMap<>();
        Set<String> ended = new TreeSet<>();
        for (MarketUpdate update : log.updates) {
            Map<String, String> cells = books.computeIfAbsent(update.match(), match -> new TreeMap<>());
            if (update.kind() != MarketUpdate.Kind.PATCH) {
                cells.clear();
            }
            cells.putAll(update.set());
            cells.keySet().removeAll(Set.copyOf(update.del()));
            suspended(update, cells, begun, ended);
        }
        assertThat(ended).hasSizeGreaterThan(10);
        List<List<String>> answer =
                batch.ask("SELECT match_id, market, from_time, to_time FROM suspensions WHERE to_time IS NOT NULL");
        assertThat(answer.subList(1, answer.size()).stream().map(row -> String.join(" ", row)))
                .containsExactlyInAnyOrderElementsOf(ended);
    }

    /** The view and the machine come to it by ways of their own. */
    @Test
    void aMatchIsStaleWhereOneOfItsSourcesIsSilent() {
        Set<String> silent = new TreeSet<>();
        String query =
                Script.statements(Question.read("silent-sources").sql()).get(0).text();
        batch.ask(query).stream().skip(1).forEach(row -> silent.add(row.get(0)));
        Set<String> stale = new TreeSet<>();
        batch.ask("SELECT match_id FROM feed_health WHERE feed = 'stale'").stream()
                .skip(1)
                .forEach(row -> stale.add(row.get(0)));
        assertThat(stale).hasSizeGreaterThan(2);
        assertThat(silent).isEqualTo(stale);
    }

    private static void suspended(
            MarketUpdate update, Map<String, String> cells, Map<String, Long> begun, Set<String> ended) {
        Set<String> now = new TreeSet<>();
        cells.forEach((cell, value) -> {
            if (cell.endsWith("/@status") && value.equals("suspended")) {
                now.add(update.match() + " " + MarketUpdate.group(cell));
            }
        });
        for (String market : Set.copyOf(begun.keySet())) {
            if (market.startsWith(update.match() + " ") && !now.contains(market)) {
                @Nullable Long from = begun.remove(market);
                ended.add(market + " " + Desk.time(from == null ? 0 : from) + " "
                        + Desk.time(update.times().log()));
            }
        }
        now.forEach(market -> begun.putIfAbsent(market, update.times().log()));
    }
}
