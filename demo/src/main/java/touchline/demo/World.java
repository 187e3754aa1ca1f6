package touchline.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.config.Settings;
import touchline.demo.desk.DeskServer;
import touchline.jobs.IngestJob;
import touchline.jobs.MarketJob;
import touchline.relay.Relay;
import touchline.sandbox.FlinkServer;
import touchline.sandbox.KafkaServer;
import touchline.sandbox.OddsApiServer;
import touchline.sandbox.OddsTerms;
import touchline.sandbox.OperatorDesk;
import touchline.sandbox.PostgresServer;
import touchline.sandbox.RedisServer;
import touchline.sandbox.SimulationPlan;

/**
 * All that runs: four servers, the stand-in odds API, both jobs, the relay and the operator page. Closing it ends them in order (jobs before the servers
 * they use) and leaves nothing behind, however far the start had come.
 */
final class World implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(World.class);
    private static final String[] SCHEMA = {"schema.sql", "roles.sql", "publication.sql"};

    private static final long DESK_MS = 100;

    /** Hears of every step, with the time that it took. */
    interface Progress {
        void step(String what, long tookMs);
    }

    private final Progress progress;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final Map<String, JobID> jobs = new LinkedHashMap<>();
    private final Map<String, String> settings = new TreeMap<>();

    /** Something to be ended. */
    private record Part(String name, AutoCloseable part) {}

    private record Servers(PostgresServer postgres, RedisServer redis, KafkaServer kafka, FlinkServer flink) {}

    private final Servers servers;
    private final OddsApiServer oddsApi;
    private final Map<String, String> relaySettings = new TreeMap<>();
    private final DeskServer desk;
    private Relay relay;

    private World(Input input, Ports ports, int operators, Map<String, String> extra, Progress progress) {
        this.progress = progress;
        try {
            servers = servers(ports);
            oddsApi = timed("stand-in odds API: " + input.title(), () -> oddsApi(ports.oddsApi, input));
            settings.putAll(settings(input, key()));
            extra.forEach((key, value) -> (key.startsWith("relay.") ? relaySettings : settings).put(key, value));
            timed("schema, roles and publication of the operators' database", this::schema);
            submit("MarketJob", MarketJob::build);
            submit("IngestJob", IngestJob::build);
            desk = timed("operator page", () -> desk(ports.operator));
            relay = timed("relay", () -> relay(ports.page));
            desk.showPage(page());
            if (operators > 0) {
                timed(
                        "simulated operators with " + operators + " matches of their own",
                        () -> simulated(input, operators));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * @param operators grounds of simulated operators
     * @param extra settings that win over the demo's own
     */
    static World start(Input input, Ports ports, int operators, Map<String, String> extra, Progress progress) {
        return new World(input, ports, operators, extra, progress);
    }

    private Servers servers(Ports ports) {
        ExecutorService starters = Executors.newFixedThreadPool(4);
        try {
            CompletableFuture<PostgresServer> postgres =
                    starting(starters, "PostgreSQL", () -> PostgresServer.start(ports.postgres));
            CompletableFuture<RedisServer> redis = starting(starters, "Redis", () -> RedisServer.start(ports.redis));
            CompletableFuture<KafkaServer> kafka = starting(starters, "Kafka", () -> KafkaServer.start(ports.kafka));
            CompletableFuture<FlinkServer> flink =
                    starting(starters, "Flink", () -> FlinkServer.start(ports.flink, flinkSettings()));
            // All of them, even if one fails: what has started must be known to be ended.
            CompletableFuture.allOf(postgres, redis, kafka, flink).join();
            return new Servers(postgres.join(), redis.join(), kafka.join(), flink.join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            starters.shutdown();
        }
    }

    private <S extends AutoCloseable> CompletableFuture<S> starting(
            ExecutorService starters, String name, Supplier<S> start) {
        return CompletableFuture.supplyAsync(
                () -> {
                    S server = timed(name, start);
                    synchronized (parts) {
                        parts.push(new Part(name, server));
                    }
                    return server;
                },
                starters);
    }

    private OddsApiServer oddsApi(int port, Input input) {
        OddsTerms terms = new OddsTerms("demo-key", 1_000_000_000_000L, 1_000);
        OddsApiServer server = OddsApiServer.start(port, input.feed(), terms, System::currentTimeMillis);
        parts.push(new Part("the stand-in odds API", server));
        return server;
    }

    private DeskServer desk(int port) {
        DeskServer server = DeskServer.start(
                port,
                servers.postgres().jdbcUrl(),
                "touchline_operator",
                Touchline.root().resolve("client"));
        parts.push(new Part("the operator page", server));
        return server;
    }

    private Relay relay(int port) {
        Map<String, String> made = new TreeMap<>();
        made.put("relay.adminPort", "0");
        made.put("redis.uri", servers.redis().uri());
        made.putAll(relaySettings);
        made.merge("relay.origins", desk.origin(), (given, own) -> given + "," + own);
        made.put("relay.port", Integer.toString(port));
        Settings all = new Settings(made);
        Relay started = Relay.start(all);
        all.refuseUnknown();
        parts.push(new Part("the relay", started));
        return started;
    }

    /** As if its process were killed, and begun anew on the same port. */
    void restartRelay(Runnable meanwhile) {
        int port = relay.port();
        Relay killed = relay;
        parts.removeIf(part -> part.part() == killed);
        killed.close();
        meanwhile.run();
        relay = relay(port);
    }

    /** What everybody sees; it leads to the operator page, which is a port of this machine. */
    String page() {
        return "http://127.0.0.1:" + relay.port() + "/#operator=" + desk.port();
    }

    /** Where operators write. */
    String operator() {
        return desk.url();
    }

    private OperatorDesk simulated(Input input, int grounds) {
        OperatorDesk desk = new OperatorDesk(
                servers.postgres().jdbcUrl(),
                servers.postgres().user(),
                servers.postgres().password(),
                new SimulationPlan(1, input.speed(), grounds, 0),
                System::currentTimeMillis);
        parts.push(new Part("the operators' desk", desk));
        desk.start(DESK_MS);
        return desk;
    }

    private static Configuration flinkSettings() {
        Configuration flink = new Configuration();
        flink.setString("metrics.reporters", "board");
        flink.setString("metrics.reporter.board.factory.class", Gauges.Factory.class.getName());
        flink.setString("metrics.latency.interval", "0");
        return flink;
    }

    private boolean schema() {
        Path directory = Touchline.root().resolve("deploy").resolve("postgres");
        for (String file : SCHEMA) {
            servers.postgres().apply(directory.resolve(file));
        }
        return true;
    }

    private Map<String, String> settings(Input input, Path key) {
        Map<String, String> made = new TreeMap<>(input.pace().settings());
        made.put("kafka.bootstrap", servers.kafka().bootstrap());
        made.put("kafka.replicationFactor", "1");
        made.put("redis.uri", servers.redis().uri());
        made.put("postgres.host", "127.0.0.1");
        made.put("postgres.port", Integer.toString(servers.postgres().port()));
        made.put("postgres.database", servers.postgres().database());
        made.put("oddsapi.baseUrl", oddsApi.url());
        made.put("oddsapi.apiKey", "file:" + key.toAbsolutePath());
        made.put("oddsapi.sports", String.join(",", input.sports()));
        // Whatever bookmakers a recording holds: each is quoted in one of these.
        made.put("oddsapi.regions", "eu,uk,us,au");
        return made;
    }

    /** A secret is never given itself, the stand-in's included: it goes the way that a real one goes. */
    private Path key() {
        try {
            Path file = Files.createTempFile("odds-api", ".key");
            Files.writeString(file, oddsApi.apiKey());
            parts.push(new Part("the odds API's key", () -> Files.deleteIfExists(file)));
            return file;
        } catch (IOException e) {
            throw new IllegalStateException(
                    System.getProperty("java.io.tmpdir") + " must be writable: " + e.getMessage(), e);
        }
    }

    private interface Build {
        void build(StreamExecutionEnvironment env, Settings settings) throws Exception;
    }

    private void submit(String name, Build build) {
        JobID id = timed(name, () -> {
            StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
            try {
                build.build(env, new Settings(settings));
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(name + " cannot be built", e);
            }
            StreamGraph graph = env.getStreamGraph();
            graph.setJobName(name);
            return servers.flink().submit(graph);
        });
        jobs.put(name, id);
        parts.push(new Part(name, () -> servers.flink().cancel(id)));
    }

    private <T> T timed(String what, Supplier<T> step) {
        long from = System.nanoTime();
        T made = step.get();
        progress.step(what, (System.nanoTime() - from) / 1_000_000);
        return made;
    }

    PostgresServer postgres() {
        return servers.postgres();
    }

    RedisServer redis() {
        return servers.redis();
    }

    FlinkServer flink() {
        return servers.flink();
    }

    OddsApiServer oddsApi() {
        return oddsApi;
    }

    /** By name, in the order in which they were submitted. */
    Map<String, JobID> jobs() {
        return jobs;
    }

    /** All settings of the jobs that differ from their defaults. */
    Map<String, String> settings() {
        return settings;
    }

    String setting(String key, String otherwise) {
        return settings.getOrDefault(key, otherwise);
    }

    Endpoints endpoints(String logFile) {
        String database = "127.0.0.1:" + postgres().port() + "/" + postgres().database();
        return new Endpoints(
                ProcessHandle.current().pid(),
                page(),
                operator(),
                flink().uiUrl(),
                setting("kafka.bootstrap", ""),
                redis().uri(),
                "jdbc:postgresql://" + database + "?user=" + postgres().user(),
                "postgresql://" + postgres().user() + "@" + database,
                oddsApi.url(),
                logFile,
                settings);
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            long from = System.nanoTime();
            try {
                part.part().close();
                log.info("event=ended part=\"{}\" ms={}", part.name(), (System.nanoTime() - from) / 1_000_000);
            } catch (Exception e) {
                // The others must end too.
                log.warn("event=ended_badly part=\"{}\"", part.name(), e);
            }
        }
    }
}
