package touchline.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import touchline.sandbox.Await;

/**
 * Brings a whole installation up on this machine's loopback, in the order in which its parts need one another. Each is a
 * process of its own on the files of {@code deploy}; what those leave to the machine is added here. When one does not come
 * up, all that came before it is ended.
 */
final class Assembly {

    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Standing standing;
    private final Plan plan;
    private final Consumer<String> progress;
    private final Workplace place;
    private final Programs programs;
    private final Servers servers;
    private final long began = System.nanoTime();

    private Assembly(Standing standing, Plan plan, Consumer<String> progress) {
        this.standing = standing;
        this.plan = plan;
        this.progress = progress;
        place = new Workplace(Standing.directory().toAbsolutePath());
        place.prepare();
        if (plan.smallDisk()) {
            SmallDisk.mount(standing, place.file("checkpoints"));
        }
        if (!plan.jar().equals(Plan.builtJar())) {
            standing.endpoint(Scenery.JAR, plan.jar().toString());
        }
        programs = new Programs(place.directory());
        servers = new Servers(standing, place, programs, plan.network());
    }

    /** @throws IllegalStateException when one stands already, or a part did not come up: which, its log, its last lines */
    static Standing up(Plan plan, Consumer<String> progress) {
        if (Standing.exists()) {
            throw new IllegalStateException(
                    "a cluster stands here already (" + Standing.file() + "): end it with ./touchline cluster down");
        }
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
            together(
                    starters,
                    step(
                            "ZooKeeper, JobManagers, workers",
                            () -> new FlinkParts(standing, place, programs).start(plan.taskManagers())),
                    step("Kafka", servers::kafka),
                    step("Redis, primary and replica, and Sentinel", servers::redis),
                    step("PostgreSQL", servers::postgres),
                    step("stand-in odds API", () -> servers.oddsApi(plan.load())));
            step("relays", servers::relays).run();
            settings();
            JobCommand command = new JobCommand(programs);
            together(
                    starters,
                    JobCommand.JOBS.stream()
                            .map(job -> step(job, () -> command.run(job, plan.jar(), "", List.of())))
                            .toArray(Runnable[]::new));
            step("every task runs", this::awaitJobs).run();
        } finally {
            end(starters);
        }
    }

    private static void together(ExecutorService starters, Runnable... steps) {
        try {
            List<Future<?>> all = new ArrayList<>();
            for (Runnable step : steps) {
                all.add(starters.submit(step));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
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
                    Locale.ROOT,
                    "%5.1f s  %s (%.1f s)",
                    (System.nanoTime() - began) / 1e9,
                    what,
                    (System.nanoTime() - from) / 1e9));
        };
    }

    /** The settings file of both jobs. */
    private void settings() {
        Map<String, String> all = new TreeMap<>();
        all.put("kafka.bootstrap", standing.endpoint("kafka-of-jobs"));
        all.put("redis.uri", standing.endpoint("redis-of-jobs"));
        all.put("postgres.port", standing.endpoint("postgres-port-of-jobs"));
        all.put("postgres.database", Database.NAME);
        all.put("oddsapi.baseUrl", standing.endpoint("oddsApi"));
        all.put("oddsapi.apiKey", "file:" + place.write("odds-api.key", Servers.API_KEY, List.of()));
        all.putAll(plan.load().settings());
        all.putAll(plan.settings());
        standing.settings(all);
        place.settings("jobs.properties", "jobs.properties", lines(all));
    }

    static List<String> lines(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .toList();
    }

    private void awaitJobs() {
        FlinkJobs flink = FlinkJobs.of(standing);
        for (String job : JobCommand.JOBS) {
            Await.until(job + " to run (see " + standing.endpoint("flink") + ")", PATIENCE, () -> flink.runs(job));
        }
    }
}
