package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import touchline.config.Settings;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Kind;
import touchline.feed.Link;
import touchline.feed.ManualDocument;
import touchline.feed.RefusedException;
import touchline.feed.Score;
import touchline.feed.View;
import touchline.sandbox.Await;
import touchline.sandbox.FlinkServer;
import touchline.sandbox.KafkaServer;
import touchline.sandbox.OddsApiServer;
import touchline.sandbox.PostgresServer;
import touchline.sandbox.Simulation;
import touchline.sandbox.SimulationPlan;

@SuppressWarnings("NullAway.Init") // made before each test
class IngestJobIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path directory;

    private KafkaServer kafka;
    private PostgresServer postgres;
    private FlinkServer flink;
    private OddsApiServer api;
    private String sport;

    @BeforeEach
    void start() throws IOException {
        kafka = KafkaServer.start(0);
        postgres = PostgresServer.start(0);
        for (String file : List.of("schema.sql", "roles.sql", "publication.sql")) {
            postgres.apply(shipped(file));
        }
        Simulation simulation = new Simulation(new SimulationPlan(3, 20, 12, 0), System::currentTimeMillis);
        sport = simulation.sports().get(0).key();
        api = OddsApiServer.start(0, simulation);
        Files.writeString(directory.resolve("key"), api.apiKey());
        flink = FlinkServer.start(0);
    }

    @AfterEach
    void stop() {
        flink.close();
        api.close();
        postgres.close();
        kafka.close();
    }

    @Test
    void writesBothSourcesAndFollowsLinks() throws Exception {
        operator("insert into touchline.match (home, away, phase) values ('Reds', 'Blues', 'live')");
        JobID job = flink.submit(job());
        FeedRecord document = await("the document", record -> record.kind() == Kind.MANUAL);
        assertThat(document.match()).isEqualTo("manual:1");
        FeedRecord polled = await("a poll", record -> record.source().equals("oddsapi/odds"));
        assertThat(((View) polled.body()).full()).isTrue();
        String provider = polled.match();

        operator("update touchline.match set score_home = 1 where id = 'manual:1'");
        FeedRecord goal =
                await("the goal", record -> record.body() instanceof ManualDocument said && said.score() != null);
        Score score = ((ManualDocument) goal.body()).score();
        assertThat(score).isNotNull();
        assertThat(goal.seq().n()).isEqualTo(document.seq().n() + 1);
        await("the heartbeat to speak", record -> record.source().equals(ManualFeed.HEARTBEAT));

        operator("insert into touchline.link values ('" + provider + "', 'manual:1')");
        await("the link at the provider's match", record -> isLink(record, provider, Link.Direction.TO, true));
        await("the link at the operator's match", record -> isLink(record, "manual:1", Link.Direction.FROM, true));
        await(
                "the whole view under the operator's match",
                record -> record.match().equals("manual:1")
                        && record.source().equals("oddsapi/odds")
                        && record.body() instanceof View view
                        && view.full());

        operator("delete from touchline.link");
        await("the end of the link", record -> isLink(record, provider, Link.Direction.TO, false));
        await("its other end", record -> isLink(record, "manual:1", Link.Direction.FROM, false));
        flink.cancel(job);
        assertThat(afterTheLastLink(provider)).isNotEmpty();
    }

    /** What the log says of a match behind the last link record there, in order. */
    private List<FeedRecord> afterTheLastLink(String match) {
        List<FeedRecord> after = new ArrayList<>();
        for (FeedRecord record : records()) {
            if (record.match().equals(match)) {
                if (record.kind() == Kind.LINK) {
                    after.clear();
                } else {
                    after.add(record);
                }
            }
        }
        return after;
    }

    private static boolean isLink(FeedRecord record, String match, Link.Direction direction, boolean linked) {
        return record.match().equals(match)
                && record.body() instanceof Link link
                && link.direction() == direction
                && link.linked() == linked;
    }

    private FeedRecord await(String what, Predicate<FeedRecord> wanted) {
        List<FeedRecord> found = new ArrayList<>();
        Await.until(what, PATIENCE, () -> {
            records().stream().filter(wanted).findFirst().ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.get(0);
    }

    private List<FeedRecord> records() {
        List<FeedRecord> records = new ArrayList<>();
        LogFold.everything(kafka.bootstrap(), "feed").forEach(entry -> {
            try {
                FeedRecord record = FeedJson.read(entry.value());
                assertThat(record.match()).isEqualTo(new String(entry.key(), UTF_8));
                records.add(record);
            } catch (RefusedException e) {
                throw new AssertionError("ingest wrote what cannot be read: " + e.detail(), e);
            }
        });
        return records;
    }

    private void operator(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), "touchline_operator", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private StreamGraph job() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        IngestJob.build(
                env,
                new Settings(Map.of(
                        "kafka.bootstrap",
                        kafka.bootstrap(),
                        "kafka.feedPartitions",
                        "4",
                        "oddsapi.baseUrl",
                        api.url(),
                        "oddsapi.apiKey",
                        "file:" + directory.resolve("key"),
                        "oddsapi.sports",
                        sport,
                        "oddsapi.livePollMs",
                        "500",
                        "oddsapi.upcomingPollMs",
                        "500",
                        "postgres.port",
                        Integer.toString(postgres.port()),
                        "postgres.database",
                        postgres.database(),
                        "job.seenEveryMs",
                        "2000")));
        return env.getStreamGraph();
    }

    private static Path shipped(String file) {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            Path found = up.resolve("deploy/postgres").resolve(file);
            if (Files.exists(found)) {
                return found;
            }
        }
        throw new IllegalStateException("deploy/postgres/" + file + " is not above the working directory");
    }
}
