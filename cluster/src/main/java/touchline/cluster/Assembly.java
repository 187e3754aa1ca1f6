package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import touchline.sandbox.Await;
import touchline.sandbox.FreePort;
import touchline.sandbox.OddsFeed;
import touchline.sandbox.RedisServer;
import touchline.sandbox.Simulation;
import touchline.sandbox.SimulationPlan;

/**
 * Brings a whole installation up on this machine's loopback, in the order in which its parts need one another: ZooKeeper,
 * two JobManagers, workers, Kafka, a Redis with its replica, PostgreSQL, the stand-in odds API, both jobs, two relays. Each is a
 * process of its own on the files of {@code deploy}; what those leave to the machine is added here. When one does not come
 * up, all that came before it is ended.
 */
final class Assembly {

    static final List<String> JOBS = List.of("MarketJob", "IngestJob");

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String API_KEY = "cluster-key";

    private final Standing standing;
    private final Plan plan;
    private final Consumer<String> progress;
    private final Path directory = Standing.directory().toAbsolutePath();
    private final Programs programs;
    private final long began = System.nanoTime();

    /**
     * @param matches simulated grounds of the odds API
     * @param speed how much faster than life they play
     */
    record Plan(int taskManagers, int matches, double speed, Map<String, String> settings) {
        Plan {
            if (taskManagers < 1 || taskManagers > 20) {
                throw new IllegalArgumentException("--taskmanagers " + taskManagers + ": 1 to 20");
            }
        }
    }

    private Assembly(Standing standing, Plan plan, Consumer<String> progress) {
        this.standing = standing;
        this.plan = plan;
        this.progress = progress;
        prepare();
        this.programs = new Programs(directory);
    }

    /** @throws IllegalStateException when one stands already, or a part did not come up: which, its log, its last lines */
    static Standing up(Plan plan, Consumer<String> progress) {
        if (Standing.exists()) {
            throw new IllegalStateException(
                    "a cluster stands here already (" + Standing.file() + "): end it with ./touchline cluster down");
        }
        Roots.built("jobs/target/touchline-jobs.jar");
        Standing standing = new Standing(Standing.file());
        try {
            new Assembly(standing, plan, progress).up();
            return standing;
        } catch (RuntimeException e) {
            progress.accept("not everything came up: ending what did");
            standing.down();
            throw e;
        }
    }

    private void up() {
        ExecutorService starters = Executors.newFixedThreadPool(5);
        try {
            List<Future<?>> all = new ArrayList<>();
            all.add(starters.submit(step("ZooKeeper, JobManagers, workers", this::flink)));
            all.add(starters.submit(step("Kafka", this::kafka)));
            all.add(starters.submit(step("Redis, primary and replica", this::redis)));
            all.add(starters.submit(step("PostgreSQL", this::postgres)));
            all.add(starters.submit(step("stand-in odds API", this::oddsApi)));
            for (Future<?> one : all) {
                one.get();
            }
            step("relays", this::relays).run();
            Path settings = settings();
            List<Future<?>> jobs = new ArrayList<>();
            for (String job : JOBS) {
                jobs.add(starters.submit(step(job, () -> submit(job, settings))));
            }
            for (Future<?> one : jobs) {
                one.get();
            }
            step("every task runs", this::awaitJobs).run();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            end(starters);
        }
    }

    /** Nobody may start a process after this. */
    private static void end(ExecutorService starters) {
        starters.shutdownNow();
        try {
            if (!starters.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a start does not end; see ./touchline cluster status");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Runnable step(String what, Runnable work) {
        return () -> {
            long from = System.nanoTime();
            work.run();
            progress.accept(String.format(
                    java.util.Locale.ROOT,
                    "%5.1f s  %s (%.1f s)",
                    (System.nanoTime() - began) / 1e9,
                    what,
                    (System.nanoTime() - from) / 1e9));
        };
    }

    private void flink() {
        int port = FreePort.find();
        write("config.yaml", shipped("flink/config.yaml"), machine(port));
        write("log4j.properties", shipped("flink/log4j.properties"), List.of());
        write(
                "zoo.cfg",
                shipped("flink/zoo.cfg"),
                List.of(
                        "dataDir=" + directory.resolve("zookeeper"),
                        "clientPort=" + port,
                        "clientPortAddress=127.0.0.1"));
        Part zookeeper = standing.start(Part.of(
                "zookeeper",
                port,
                directory.resolve("zookeeper.log"),
                programs.flink(
                        "zookeeper",
                        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
                        "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
                        List.of(
                                "--zkConfigFile",
                                directory.resolve("conf/zoo.cfg").toString(),
                                "--peerId",
                                "1"))));
        List<List<String>> jobManager = programs.resources("GET_JM_RESOURCE_PARAMS");
        List<List<String>> worker = programs.resources("GET_TM_RESOURCE_PARAMS");
        await(zookeeper, "listens", () -> !FreePort.isFree(port));
        for (int i = 1; i <= 2; i++) {
            jobManager(i, jobManager);
        }
        for (int i = 1; i <= plan.taskManagers(); i++) {
            worker(i, worker);
        }
        FlinkJobs flink = FlinkJobs.of(standing);
        for (Part part : standing.parts("taskmanager")) {
            await(part, "offers its slots", () -> {
                standing.parts("jobmanager").stream()
                        .filter(one -> !one.isUp())
                        .findFirst()
                        .ifPresent(one -> {
                            throw one.complaint("ended");
                        });
                return flink.workers().contains(part.name());
            });
        }
        standing.endpoint("zookeeper", "127.0.0.1:" + port);
        standing.endpoint(
                "flink", "http://127.0.0.1:" + standing.part("jobmanager-1").port());
    }

    private void jobManager(int number, List<List<String>> resources) {
        String name = "jobmanager-" + number;
        int rest = FreePort.find();
        List<String> arguments = new ArrayList<>(List.of(
                "--configDir",
                programs.conf().toString(),
                "--executionMode",
                "cluster",
                "--host",
                "127.0.0.1",
                "-Drest.port=" + rest,
                "-Drest.bind-port=" + rest,
                "-Dweb.tmpdir=" + directory.resolve(name + "-web"),
                "-Dblob.storage.directory=" + directory.resolve(name + "-blob")));
        arguments.addAll(resources.get(1));
        standing.start(Part.of(
                name,
                rest,
                directory.resolve(name + ".log"),
                programs.flink(
                        name,
                        Programs.concat(resources.get(0), programs.options("env.java.opts.jobmanager")),
                        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                        arguments)));
    }

    private void worker(int number, List<List<String>> resources) {
        String name = "taskmanager-" + number;
        List<String> arguments = new ArrayList<>(
                List.of("--configDir", programs.conf().toString(), "-Dtaskmanager.resource-id=" + name));
        arguments.addAll(resources.get(1));
        standing.start(Part.of(
                name,
                0,
                directory.resolve(name + ".log"),
                programs.flink(
                        name,
                        Programs.concat(resources.get(0), programs.options("env.java.opts.taskmanager")),
                        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                        arguments)));
    }

    /** What the shipped config.yaml leaves to each machine. */
    private List<String> machine(int zookeeper) {
        return List.of(
                "high-availability.zookeeper.quorum: 127.0.0.1:" + zookeeper,
                "high-availability.storageDir: " + directory.resolve("ha").toUri(),
                "execution.checkpointing.dir: "
                        + directory.resolve("checkpoints").toUri(),
                "execution.checkpointing.savepoint-dir: "
                        + directory.resolve("savepoints").toUri(),
                "jobmanager.rpc.address: 127.0.0.1",
                "jobmanager.bind-host: 127.0.0.1",
                "rest.address: 127.0.0.1",
                "rest.bind-address: 127.0.0.1",
                "taskmanager.host: 127.0.0.1",
                "taskmanager.bind-host: 127.0.0.1",
                // What is asked over HTTP is as it is now.
                "web.refresh-interval: 100 ms",
                "io.tmp.dirs: " + directory.resolve("tmp"));
    }

    private void kafka() {
        int broker = FreePort.find();
        int controller = FreePort.find();
        write(
                "kafka.properties",
                shipped("kafka/server.properties"),
                List.of(
                        "listeners=PLAINTEXT://127.0.0.1:" + broker + ",CONTROLLER://127.0.0.1:" + controller,
                        "advertised.listeners=PLAINTEXT://127.0.0.1:" + broker,
                        "controller.quorum.voters=1@127.0.0.1:" + controller,
                        "log.dirs=" + directory.resolve("kafka")));
        String properties = programs.conf().resolve("kafka.properties").toString();
        Programs.Answer formatted = programs.run(
                "kafka-format",
                programs.java(
                        "128m",
                        "cluster-log4j2.properties",
                        "kafka.tools.StorageTool",
                        List.of("format", "-t", Uuid.randomUuid().toString(), "-c", properties)),
                60);
        if (formatted.exit() != 0) {
            throw new IllegalStateException("Kafka's directory cannot be formatted: " + formatted.output());
        }
        Part kafka = standing.start(Part.of(
                "kafka",
                broker,
                directory.resolve("kafka.out"),
                programs.java("512m", "cluster-log4j2.properties", "kafka.Kafka", List.of(properties))));
        await(kafka, "listens", () -> !FreePort.isFree(broker));
        standing.endpoint("kafka", "127.0.0.1:" + broker);
    }

    private void redis() {
        Path program = RedisServer.unpack(directory.resolve("redis-server"));
        Part primary = redis(program, "redis-primary", List.of());
        redis(program, "redis-replica", List.of("replicaof 127.0.0.1 " + primary.port()));
        standing.endpoint("redis", "redis://127.0.0.1:" + primary.port());
    }

    private Part redis(Path program, String name, List<String> more) {
        int port = FreePort.find();
        Path data = made(directory.resolve(name));
        List<String> lines = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + data));
        lines.addAll(more);
        write(name + ".conf", shipped("redis/redis.conf"), lines);
        Part part = standing.start(Part.of(
                name,
                port,
                directory.resolve(name + ".out"),
                List.of(
                        program.toString(),
                        programs.conf().resolve(name + ".conf").toString())));
        await(part, "listens", () -> !FreePort.isFree(port));
        return part;
    }

    private void postgres() {
        int port = FreePort.find();
        List<String> command = Database.make(directory.resolve("postgres"), port);
        Part part = standing.start(Part.of("postgres", port, directory.resolve("postgres.out"), command)
                .stoppedBy("INT"));
        await(part, "answers", () -> Database.answers(Database.jdbcUrl(port)));
        standing.endpoint("postgres", Database.jdbcUrl(port));
        standing.endpoint("psql", "postgresql://postgres@127.0.0.1:" + port + "/" + Database.NAME);
    }

    private void oddsApi() {
        int port = FreePort.find();
        Part part = standing.start(Part.of(
                "odds-api",
                port,
                directory.resolve("odds-api.out"),
                programs.java(
                        "256m",
                        "cluster-log4j2.properties",
                        OddsApi.class.getName(),
                        List.of(
                                Integer.toString(port),
                                API_KEY,
                                Integer.toString(plan.matches()),
                                Double.toString(plan.speed())))));
        await(part, "listens", () -> !FreePort.isFree(port));
        standing.endpoint("oddsApi", "http://127.0.0.1:" + port);
    }

    private void relays() {
        for (int i = 1; i <= 2; i++) {
            String name = "relay-" + i;
            int port = FreePort.find();
            int admin = FreePort.find();
            standing.start(Part.of(
                    name,
                    port,
                    directory.resolve(name + ".out"),
                    programs.java(
                            "256m",
                            "relay-log4j2.properties",
                            "touchline.relay.Relay",
                            List.of(
                                    "--set",
                                    "redis.uri=" + standing.endpoint("redis"),
                                    "--set",
                                    "relay.port=" + port,
                                    "--set",
                                    "relay.adminPort=" + admin))));
            standing.endpoint(name, "http://127.0.0.1:" + port);
        }
    }

    /** The settings file of both jobs. */
    private Path settings() {
        List<String> sports = new Simulation(new SimulationPlan(1, 1, 1, 0), System::currentTimeMillis)
                .sports().stream().map(OddsFeed.Sport::key).toList();
        Map<String, String> all = new TreeMap<>();
        all.put("kafka.bootstrap", standing.endpoint("kafka"));
        all.put("redis.uri", standing.endpoint("redis"));
        all.put("postgres.port", Integer.toString(standing.part("postgres").port()));
        all.put("postgres.database", Database.NAME);
        all.put("oddsapi.baseUrl", standing.endpoint("oddsApi"));
        all.put("oddsapi.apiKey", "file:" + write("odds-api.key", API_KEY, List.of()));
        all.put("oddsapi.sports", String.join(",", sports));
        all.put("oddsapi.livePollMs", "500");
        all.put("oddsapi.upcomingPollMs", "1000");
        all.put("oddsapi.scoresPollMs", "500");
        all.put("job.seenEveryMs", "2000");
        all.putAll(plan.settings());
        standing.settings(all);
        List<String> lines = new ArrayList<>();
        all.forEach((key, value) -> lines.add(key + "=" + value));
        return write("jobs.properties", shipped("jobs.properties"), lines);
    }

    private void submit(String job, Path settings) {
        Programs.Answer answer = programs.flinkCommand(
                "flink-run-" + job,
                List.of(
                        "run",
                        "-d",
                        "-c",
                        "touchline.jobs." + job,
                        Roots.built("jobs/target/touchline-jobs.jar").toString(),
                        "--config",
                        settings.toString()));
        if (answer.exit() != 0) {
            throw new IllegalStateException(job + " was not submitted: " + answer.output());
        }
    }

    private void awaitJobs() {
        FlinkJobs flink = FlinkJobs.of(standing);
        for (String job : JOBS) {
            Await.until(job + " to run (see " + standing.endpoint("flink") + ")", PATIENCE, () -> flink.runs(job));
        }
    }

    private void await(Part part, String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Await.until(part.name() + " that " + what, PATIENCE.plusSeconds(30), () -> {
            if (!part.isUp()) {
                throw part.complaint("has ended before it " + what);
            }
            if (System.nanoTime() > deadline) {
                throw part.complaint("has not come so far that it " + what + " within " + PATIENCE.toSeconds() + " s");
            }
            return condition.getAsBoolean();
        });
    }

    private void prepare() {
        clear(directory);
        made(directory.resolve("conf"));
        made(directory.resolve("tmp"));
    }

    /** Empties a directory. */
    static void clear(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> old = Files.walk(directory)) {
            for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("emptying " + directory, e);
        }
    }

    private static Path made(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException("making " + path, e);
        }
    }

    private static String shipped(String file) {
        try {
            return Files.readString(Roots.root().resolve("deploy").resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException("deploy/" + file, e);
        }
    }

    private Path write(String name, String text, List<String> more) {
        try {
            String tail = more.isEmpty() ? "" : String.join("\n", more) + "\n";
            return Files.writeString(directory.resolve("conf").resolve(name), text + tail);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + name, e);
        }
    }
}
