package touchline.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.dispatcher.Dispatcher;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import touchline.audit.Speech;
import touchline.sandbox.Await;
import touchline.sandbox.FlinkServer;
import touchline.sandbox.KafkaServer;
import touchline.update.MarketUpdate;
import touchline.update.UpdateJson;

/** Statements through the gateway's REST, on a real Flink and a real Kafka that holds what two scenarios said. */
class GatewayIT {

    /** A query that nobody asks any more ends soon. */
    private static final Map<String, String> FORGETFUL = Map.of("client.heartbeat.timeout", "10 s");

    private static @Nullable KafkaServer kafka;
    private static @Nullable FlinkServer flink;
    private static @Nullable Gateway gateway;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        kafka = KafkaServer.start(0);
        Configuration often = new Configuration();
        often.set(Dispatcher.CLIENT_ALIVENESS_CHECK_DURATION, Duration.ofSeconds(1));
        flink = FlinkServer.start(0, often);
        Properties client = new Properties();
        client.setProperty("bootstrap.servers", kafka.bootstrap());
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(List.of(
                            new NewTopic("updates", 4, (short) 1),
                            new NewTopic("feed", 4, (short) 1),
                            new NewTopic("quotes", 4, (short) 1)))
                    .all()
                    .get();
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (MarketUpdate update : Scenarios.updates("goal")) {
                // Each twice: the topic is at least once.
                for (int i = 0; i < 2; i++) {
                    producer.send(new ProducerRecord<>(
                                    "updates", update.match().getBytes(UTF_8), UpdateJson.write(update)))
                            .get();
                }
            }
            for (Entry entry : Scenarios.records("goal")) {
                producer.send(new ProducerRecord<>("feed", entry.key.getBytes(UTF_8), entry.value))
                        .get();
            }
            producer.send(new ProducerRecord<>("feed", null, "{\"kind\":\"tick\",\"body\":{}}".getBytes(UTF_8)))
                    .get();
        }
        gateway = Gateway.start(installation(), "127.0.0.1", FreePort.find(), FORGETFUL);
    }

    private static Installation installation() {
        return new Installation(
                URI.create(Objects.requireNonNull(flink).uiUrl()),
                Map.of("kafka.bootstrap", Objects.requireNonNull(kafka).bootstrap()),
                "");
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable part : new AutoCloseable[] {gateway, flink, kafka}) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aSessionBeginsInTheCatalog() throws Exception {
        assertThat(ask("SHOW CURRENT CATALOG")).containsExactly("INSERT[touchline]");
        assertThat(ask("SHOW TABLES")).contains("INSERT[prices]", "INSERT[feed]");
    }

    @Test
    void aTableInBatchIsWhatHoldsNow() throws Exception {
        assertThat(ask(
                        "SET 'execution.runtime-mode' = 'batch'",
                        "SELECT outcome, price, status FROM prices ORDER BY outcome"))
                .endsWith("INSERT[away, 9.000, open]", "INSERT[draw, 5.000, open]", "INSERT[home, 1.310, open]");
    }

    @Test
    void anUpdateIsOneRowHoweverOftenItWasTold() throws Exception {
        assertThat(ask("SET 'execution.runtime-mode' = 'batch'", "SELECT COUNT(*) FROM updates"))
                .endsWith("INSERT[" + Scenarios.updates("goal").size() + "]");
        assertThat(ask("SET 'execution.runtime-mode' = 'batch'", "SELECT COUNT(*) FROM feed"))
                .endsWith("INSERT[" + Scenarios.records("goal").size() + "]");
    }

    @Test
    void aTableInStreamingIsTheStreamOfItsChanges() throws Exception {
        List<String> rows = ask(
                "SELECT market, reasons, to_time IS NULL FROM suspensions /*+ OPTIONS('scan.bounded.mode'='latest-offset') */");
        assertThat(rows)
                .containsExactly(
                        "INSERT[h2h, goal, TRUE]", "UPDATE_BEFORE[h2h, goal, TRUE]", "UPDATE_AFTER[h2h, goal, FALSE]");
    }

    @Test
    void thePriceInForceAtAMomentIsThatOfThen() throws Exception {
        String updates = "updates /*+ OPTIONS('scan.bounded.mode'='latest-offset') */";
        String prices = "prices /*+ OPTIONS('scan.bounded.mode'='latest-offset') */";
        assertThat(ask("SELECT u.version, p.price, p.status FROM"
                        + " (SELECT match_id, version, log_time, market, outcome FROM " + updates
                        + " CROSS JOIN UNNEST(ARRAY[ROW('h2h', 'home')]) AS o (market, outcome)) AS u"
                        + " JOIN " + prices + " FOR SYSTEM_TIME AS OF u.log_time AS p"
                        + " ON p.match_id = u.match_id AND p.market = u.market AND p.outcome = u.outcome"))
                .containsExactlyInAnyOrder(
                        "INSERT[1, 2.100, open]",
                        "INSERT[2, 2.100, open]",
                        "INSERT[3, 2.100, suspended]",
                        "INSERT[4, 1.300, suspended]",
                        "INSERT[5, 1.310, open]");
    }

    @Test
    void aStatementThatFailsSaysWhyInOneSentence() throws Exception {
        assertThatThrownBy(() -> ask("SELECT colour FROM prices"))
                .isInstanceOf(Statements.FailedException.class)
                .hasMessageContaining("Column 'colour' not found in any table")
                .hasMessageNotContaining("\tat ");
    }

    @Test
    void aFileEndsAtTheStatementThatFailsAndNamesIt() throws Exception {
        Path file = Files.writeString(
                directory.resolve("q.sql"), "-- two\nSHOW TABLES;\n\nDROP TABLE prices;\nSELECT 1;\n");
        Told told = command("-f", file.toString());
        assertThat(told.exit()).isEqualTo(1);
        assertThat(told.out()).contains("suspensions").doesNotContain("EXPR");
        assertThat(told.err()).contains("q.sql:4").contains("DROP TABLE prices").contains("read-only");
    }

    @Test
    void aFileThatIsNotThereIsSaidToBeMissing() {
        Told told = command("-f", directory.resolve("nowhere.sql").toString());
        assertThat(told.exit()).isEqualTo(2);
        assertThat(told.err()).contains("nowhere.sql is not a file that is there");
    }

    @Test
    void aStatementOfTheCommandLineEndsWell() {
        Told told = command("-e", "SELECT 1 + 1 AS two");
        assertThat(told.exit()).isZero();
        assertThat(told.out()).contains("two").contains("+I  2");
    }

    @Test
    void aQueryThatIsEndedRunsNoMore() throws Exception {
        Told told = command("--for", "3", "-e", "SELECT match_id FROM feed");
        assertThat(told.exit()).isZero();
        awaitJobs(0);
    }

    @Test
    void aQueryThatIsEndedWhileItIsSubmittedRunsNoMore() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        URI sessions = URI.create("http://" + at() + "/v2/sessions");
        String session = post(client, sessions, "{}").path("sessionHandle").asText();
        for (int i = 0; i < 5; i++) {
            URI statements = URI.create(sessions + "/" + session + "/statements");
            String operation = post(client, statements, "{\"statement\":\"SELECT match_id FROM feed\"}")
                    .path("operationHandle")
                    .asText();
            LockSupport.parkNanos(i * 60_000_000L);
            URI close = URI.create(sessions + "/" + session + "/operations/" + operation + "/close");
            client.send(HttpRequest.newBuilder(close).DELETE().build(), HttpResponse.BodyHandlers.discarding());
        }
        awaitJobs(0);
    }

    @Test
    void aQueryThatCouldNotBeToldOfInTimeIsNotBegun() {
        assertThatThrownBy(() -> Gateway.start(
                        installation(), "127.0.0.1", FreePort.find(), Map.of("client.heartbeat.timeout", "0 ms")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("client.heartbeat.timeout=0 ms");
    }

    @Test
    void aQueryEndsThoughItsGatewayWasKilledAndWhatWritesRunsOn() throws Exception {
        FlinkServer server = Objects.requireNonNull(flink);
        Gateway killed = Gateway.start(installation(), "127.0.0.1", FreePort.find(), FORGETFUL);
        Statements session = Statements.at(killed.address());
        session.run(
                "CREATE TABLE default_catalog.default_database.kept (m STRING) WITH ('connector' = 'blackhole')",
                new Printed(new PrintWriter(new StringWriter()), 0));
        session.run(
                "INSERT INTO default_catalog.default_database.kept SELECT match_id FROM feed",
                new Printed(new PrintWriter(new StringWriter()), 0));
        HttpClient client = HttpClient.newHttpClient();
        String asking = post(client, URI.create("http://" + killed.address() + "/v2/sessions"), "{}")
                .path("sessionHandle")
                .asText();
        post(
                client,
                URI.create("http://" + killed.address() + "/v2/sessions/" + asking + "/statements"),
                "{\"statement\":\"-- of whom\\nSELECT match_id FROM feed\"}");
        awaitJobs(2);
        killed.fallSilent();
        awaitJobs(1);
        for (JobStatusMessage job : server.miniCluster().listJobs().join()) {
            if (!job.getJobState().isGloballyTerminalState()) {
                assertThat(job.getJobName()).contains("insert-into");
                server.miniCluster().cancelJob(job.getJobId()).get();
            }
        }
        awaitJobs(0);
        killed.close();
    }

    private static JsonNode post(HttpClient client, URI to, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(to)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return new ObjectMapper()
                .readTree(client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    private static void awaitJobs(int running) {
        FlinkServer server = Objects.requireNonNull(flink);
        Await.until(
                running + " jobs to run",
                Duration.ofSeconds(150),
                () -> server.miniCluster().listJobs().join().stream()
                                .filter(job -> !job.getJobState().isGloballyTerminalState())
                                .count()
                        == running);
    }

    @Test
    void aProgramAsksOverJdbc() throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:flink://" + at());
                Statement statement = connection.createStatement()) {
            statement.execute("SET 'execution.runtime-mode' = 'batch'");
            try (ResultSet prices = statement.executeQuery("SELECT outcome, price FROM prices ORDER BY outcome")) {
                while (prices.next()) {
                    rows.add(prices.getString(1) + " " + prices.getBigDecimal(2));
                }
            }
        }
        assertThat(rows).containsExactly("away 9.000", "draw 5.000", "home 1.310");
    }

    @Test
    void aStatementMayNameASettingOfTheJobs() throws Exception {
        String running = "{\"pid\":" + ProcessHandle.current().pid()
                + ",\"flink\":\"http://127.0.0.1:1\",\"settings\":{\"kafka.bootstrap\":\"broker:9092\"}}";
        Path endpoints = Files.writeString(directory.resolve("endpoints.json"), running);
        Path file = Files.writeString(
                directory.resolve("q.sql"),
                "SELECT '${kafka.bootstrap}' AS kafka, '${redis.uri:redis://here}' AS redis;");
        Told told = command("--endpoints", endpoints.toString(), "-f", file.toString());
        assertThat(told.exit()).isZero();
        assertThat(told.out()).contains("broker:9092").contains("redis://here");
    }

    private record Told(int exit, String out, String err) {}

    private static Told command(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("sql", "--gateway", at()));
        all.addAll(List.of(arguments));
        int exit = Speech.commandLine(new Sql())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(new String[0]));
        return new Told(exit, out.toString(), err.toString());
    }

    private static String at() {
        if (gateway == null) {
            throw new IllegalStateException("no gateway");
        }
        return gateway.address();
    }

    /** In a session of its own; of all statements, the rows. */
    private static List<String> ask(String... statements) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Statements session = Statements.at(at())) {
            for (String statement : statements) {
                session.run(statement, new Statements.Listener() {
                    @Override
                    public void columns(List<Statements.Column> columns, boolean query) {}

                    @Override
                    public void row(String kind, List<@Nullable String> fields) {
                        rows.add(kind + fields);
                    }

                    @Override
                    public boolean wantsMore() {
                        return true;
                    }
                });
            }
        }
        return rows;
    }
}
