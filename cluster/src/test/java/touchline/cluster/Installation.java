package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import touchline.audit.Audit;
import touchline.audit.AuditReport;
import touchline.audit.AuditTarget;
import touchline.book.MarketRules;
import touchline.config.Settings;
import touchline.sandbox.FlinkCluster;
import touchline.sandbox.KafkaServer;
import touchline.sandbox.OddsApiServer;
import touchline.sandbox.OperatorDesk;
import touchline.sandbox.PostgresServer;
import touchline.sandbox.RedisServer;
import touchline.sandbox.Simulation;
import touchline.sandbox.SimulationPlan;

/** Everything that the jobs need around them, the cluster included, and the settings file that says where it is. */
final class Installation implements AutoCloseable {

    static final String JAR =
            found("jobs/target/touchline-jobs.jar").toAbsolutePath().toString();

    static final String THIN_JAR =
            found("jobs/target/touchline-jobs-thin.jar").toAbsolutePath().toString();

    static final String LIBRARIES =
            found("jobs/target/touchline-libraries.jar").toAbsolutePath().toString();

    final KafkaServer kafka;
    final RedisServer redis;
    final PostgresServer postgres;
    final FlinkCluster flink;
    private final Map<String, String> settings = new TreeMap<>();
    private final List<AutoCloseable> parts = new ArrayList<>();

    private Installation(int taskManagers) {
        String classPath = classPath();
        ExecutorService starters = Executors.newFixedThreadPool(4);
        try {
            var startingKafka = starters.submit(() -> with(KafkaServer.start(0)));
            var startingRedis = starters.submit(() -> with(RedisServer.start(0)));
            var startingPostgres = starters.submit(() -> with(PostgresServer.start(0)));
            var startingFlink = starters.submit(() -> with(FlinkCluster.start(classPath, taskManagers, Map.of())));
            kafka = startingKafka.get();
            redis = startingRedis.get();
            postgres = startingPostgres.get();
            for (String file : List.of("schema.sql", "roles.sql", "publication.sql")) {
                postgres.apply(found("deploy/postgres/" + file));
            }
            // A reader that froze holds its slot for so long; the default is a minute.
            postgres.apply("alter system set wal_sender_timeout = '5s'");
            postgres.apply("select pg_reload_conf()");
            Simulation simulation = new Simulation(new SimulationPlan(5, 20, 12, 0), System::currentTimeMillis);
            OddsApiServer api = with(OddsApiServer.start(0, simulation));
            flink = startingFlink.get();
            settings(api, simulation.sports().get(0).key());
        } catch (InterruptedException | ExecutionException e) {
            close();
            throw new IllegalStateException("not everything started", e);
        } finally {
            starters.shutdown();
        }
    }

    static Installation start(int taskManagers) {
        return new Installation(taskManagers);
    }

    private <T extends AutoCloseable> T with(T part) {
        synchronized (parts) {
            parts.add(part);
        }
        return part;
    }

    private void settings(OddsApiServer api, String sport) {
        settings.put("kafka.bootstrap", kafka.bootstrap());
        settings.put("redis.uri", redis.uri());
        settings.put("oddsapi.baseUrl", api.url());
        settings.put("oddsapi.apiKey", "file:" + written("odds-api.key", api.apiKey()));
        settings.put("oddsapi.sports", sport);
        settings.put("oddsapi.livePollMs", "300");
        settings.put("oddsapi.upcomingPollMs", "300");
        settings.put("oddsapi.scoresPollMs", "300");
        settings.put("postgres.port", Integer.toString(postgres.port()));
        settings.put("postgres.database", postgres.database());
        settings.put("job.seenEveryMs", "2000");
    }

    /** The settings file of both jobs. */
    Path file() {
        return file("touchline.properties", Map.of());
    }

    Path file(String name, Map<String, String> other) {
        Map<String, String> values = new TreeMap<>(settings);
        values.putAll(other);
        List<String> lines = new ArrayList<>();
        values.forEach((key, value) -> lines.add(key + "=" + value));
        return written(name, String.join("\n", lines));
    }

    /** Operators who are busy until it is closed. */
    OperatorDesk desk(long seed) {
        OperatorDesk desk = new OperatorDesk(
                postgres.jdbcUrl(),
                "touchline_operator",
                "",
                new SimulationPlan(seed, 150, 12, 0),
                System::currentTimeMillis);
        desk.start(20);
        return desk;
    }

    void operator(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), "touchline_operator", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** How often each document has been written. */
    Map<String, Long> revisions() throws SQLException {
        Map<String, Long> revisions = new TreeMap<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select match, rev from touchline.match_document")) {
            while (rows.next()) {
                revisions.put(rows.getString(1), rows.getLong(2));
            }
        }
        return revisions;
    }

    AuditReport audit() {
        return Audit.run(
                new AuditTarget(
                        redis.uri(),
                        16,
                        Map.of("bootstrap.servers", kafka.bootstrap()),
                        "feed",
                        900_000,
                        new Settings(Map.of()).as(MarketRules.class, "market")),
                20);
    }

    private Path written(String name, String text) {
        try {
            return Files.writeString(flink.directory().resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + name, e);
        }
    }

    /** What Flink's distribution has in {@code lib}, as this module's build has listed it. */
    static String classPath() {
        try {
            return Files.readString(found("cluster/target/flink.classpath")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the cluster's class path", e);
        }
    }

    /** A file of the project, from wherever below its root this runs. */
    private static Path found(String file) {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            if (Files.exists(up.resolve(file))) {
                return up.resolve(file);
            }
        }
        throw new IllegalStateException(file + " is not above the working directory: build it with mvn verify");
    }

    /** Flink first: who reads a slot keeps PostgreSQL from stopping. */
    @Override
    public void close() {
        List<AutoCloseable> last = new ArrayList<>(parts);
        last.sort(Comparator.comparing(part -> !(part instanceof FlinkCluster)));
        for (AutoCloseable part : last) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException("a server did not stop", e);
            }
        }
    }
}
