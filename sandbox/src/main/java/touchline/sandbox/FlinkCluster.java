package touchline.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Flink session cluster as an installation runs it: one JobManager and any number of TaskManagers, each a process of
 * its own on 127.0.0.1, and the {@code flink} command to submit jars with. All of them see the class path they are given
 * and nothing of this JVM's. Each may be killed; nobody starts another unless told to, and there is no high availability.
 * It ends with {@link #close} or with this JVM, unless that is killed outright.
 */
public final class FlinkCluster implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final String JOB_MANAGER = "jobmanager";
    private static final int COMMAND_SECONDS = 120;

    /** As the distribution's, into one file a process. */
    private static final String LOGGING = """
            rootLogger.level = INFO
            rootLogger.appenderRef.file.ref = file
            appender.file.type = File
            appender.file.name = file
            appender.file.fileName = ${sys:log.file}
            appender.file.layout.type = PatternLayout
            appender.file.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c %m%n
            logger.kafka.name = org.apache.kafka
            logger.kafka.level = WARN
            """;

    private final TempDirectory directory;
    private final String classPath;
    private final FlinkRest rest;
    private final List<FlinkProcess> processes = new CopyOnWriteArrayList<>();
    private final Map<String, FlinkProcess> taskManagers = new TreeMap<>();
    private final Thread atExit = new Thread(this::killAll, "flink-at-exit");
    private int started;
    private int commands;

    /** What a command said, on standard output and standard error together, and how it ended: 0 for well. */
    public record Answer(int exit, String output) {}

    private FlinkCluster(TempDirectory directory, String classPath, int restPort) {
        this.directory = directory;
        this.classPath = classPath;
        this.rest = new FlinkRest(restPort);
    }

    /**
     * Returns once the workers have offered their slots.
     *
     * @param classPath what an installation has in {@code lib}: Flink and its logging, none of the jobs' classes
     * @param extra Flink's own settings, which win over the ones given here
     */
    public static FlinkCluster start(String classPath, int taskManagers, Map<String, String> extra) {
        int restPort = FreePort.find();
        FlinkCluster cluster = new FlinkCluster(TempDirectory.create("flink-cluster"), classPath, restPort);
        Runtime.getRuntime().addShutdownHook(cluster.atExit);
        try {
            cluster.configure(restPort, extra);
            cluster.launchJobManager();
            for (int i = 0; i < taskManagers; i++) {
                cluster.launchTaskManager();
            }
            cluster.awaitTaskManagers(cluster.taskManagers.keySet());
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    public String uiUrl() {
        return rest.url();
    }

    /** A directory that processes of this cluster share and that goes with it. */
    public Path directory() {
        return directory.path();
    }

    /** The workers that were started and not killed. */
    public List<String> taskManagers() {
        return List.copyOf(taskManagers.keySet());
    }

    /**
     * Another worker; returns once it has offered its slots.
     *
     * @return its name
     */
    public String startTaskManager() {
        String name = launchTaskManager();
        awaitTaskManagers(Set.of(name));
        return name;
    }

    /** SIGKILL: the process is gone, and only silence tells the JobManager. */
    public void kill(String taskManager) {
        process(taskManager).kill();
        taskManagers.remove(taskManager);
    }

    /** SIGKILL for the JobManager: nobody takes over, its workers wait, and it forgets its jobs. */
    public void killJobManager() {
        jobManager().kill();
    }

    /** Another JobManager at the same address; returns once the workers have found it. It knows of no job. */
    public void startJobManager() {
        processes.remove(jobManager());
        launchJobManager();
        awaitTaskManagers(taskManagers.keySet());
    }

    /** SIGSTOP: its connections stay, it answers nobody, and it knows of nothing that happens meanwhile. */
    public void freeze(String taskManager) {
        process(taskManager).freeze();
    }

    /** Ends {@link #freeze}: it goes on where it was, and has yet to learn that it was given up. */
    public void thaw(String taskManager) {
        process(taskManager).thaw();
    }

    /** The workers that run the job, once each of its tasks runs; none before that. */
    public Set<String> runs(String job) {
        return rest.workersOf(job);
    }

    /** The workers that are connected and run nothing. */
    public Set<String> idle() {
        return rest.idle();
    }

    /** The checkpoints that a job has completed since it was submitted. */
    public long checkpoints(String job) {
        return rest.completedCheckpoints(job);
    }

    /** The newest checkpoint that is left of a job, whatever became of it, for {@code flink run -s}. */
    public String lastCheckpoint(String job) {
        try (Stream<Path> left =
                Files.list(directory.path().resolve("checkpoints").resolve(job))) {
            return left.filter(checkpoint -> Files.exists(checkpoint.resolve("_metadata")))
                    .max(Comparator.comparingInt(checkpoint ->
                            Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()))))
                    .orElseThrow(() -> new IllegalStateException("no checkpoint is left of job " + job))
                    .toUri()
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoints of job " + job, e);
        }
    }

    /** The id of the job of that name that has not ended. */
    public String job(String name) {
        return rest.job(name);
    }

    /**
     * The {@code flink} command, from a process of its own: {@code flink("run", "-d", "-c", "a.Main", "jobs.jar")}.
     * Whatever it answers is an answer.
     */
    public Answer flink(String... arguments) {
        FlinkProcess command = launch(
                "flink-" + ++commands,
                List.of("-Xmx256m"),
                "org.apache.flink.client.cli.CliFrontend",
                List.of(arguments));
        try {
            int exit = command.await(COMMAND_SECONDS);
            return new Answer(exit, command.said());
        } finally {
            command.kill();
            processes.remove(command);
        }
    }

    /** What a worker has logged, also one that was killed. */
    public String log(String taskManager) {
        return processes.stream()
                .filter(process -> process.name().equals(taskManager))
                .findFirst()
                .orElseThrow()
                .logged();
    }

    /** What all processes have logged, also those that were killed. */
    public String logs() {
        return processes.stream().map(FlinkProcess::logged).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        killAll();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // The JVM is ending; the hook is running.
        } finally {
            directory.close();
        }
    }

    private FlinkProcess process(String taskManager) {
        FlinkProcess process = taskManagers.get(taskManager);
        if (process == null) {
            throw new IllegalArgumentException(taskManager + " is not one of " + taskManagers.keySet());
        }
        return process;
    }

    private FlinkProcess jobManager() {
        return processes.stream()
                .filter(process -> process.name().equals(JOB_MANAGER))
                .findFirst()
                .orElseThrow();
    }

    private void killAll() {
        processes.forEach(FlinkProcess::kill);
    }

    private void launchJobManager() {
        launch(
                JOB_MANAGER,
                List.of("-Xmx512m"),
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                List.of("--configDir", conf().toString(), "--executionMode", "cluster"));
    }

    private String launchTaskManager() {
        String name = "taskmanager-" + ++started;
        FlinkProcess process = launch(
                name,
                // The sums of what configure() gives: framework and task heap; framework, task and network off it.
                List.of("-Xmx512m", "-XX:MaxDirectMemorySize=320m"),
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                List.of("--configDir", conf().toString(), "-Dtaskmanager.resource-id=" + name));
        taskManagers.put(name, process);
        return name;
    }

    private FlinkProcess launch(String name, List<String> jvm, String main, List<String> arguments) {
        FlinkProcess process = new FlinkProcess(name, classPath, directory.path(), jvm, main, arguments);
        processes.add(process);
        return process;
    }

    private void awaitTaskManagers(Set<String> names) {
        Await.until("the workers " + names, START, () -> {
            for (FlinkProcess process : processes) {
                if (!process.isAlive()
                        && (names.contains(process.name()) || !process.name().startsWith("task"))) {
                    throw new IllegalStateException(
                            process.name() + " ended with " + process.await(1) + ": " + process.complaint());
                }
            }
            return rest.taskManagers().containsAll(names);
        });
    }

    private Path conf() {
        return directory.path().resolve("conf");
    }

    private void configure(int restPort, Map<String, String> extra) {
        Map<String, String> settings = defaults(directory.path(), restPort);
        settings.putAll(extra);
        List<String> lines = new ArrayList<>();
        settings.forEach((key, value) -> lines.add(key + ": '" + value.replace("'", "''") + "'"));
        try {
            Files.createDirectories(conf());
            Files.createDirectories(directory.path().resolve("tmp"));
            Files.write(conf().resolve("config.yaml"), lines);
            Files.writeString(conf().resolve("log4j.properties"), LOGGING);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + conf(), e);
        }
    }

    private static Map<String, String> defaults(Path directory, int restPort) {
        Map<String, String> s = new TreeMap<>();
        s.put("rest.address", "127.0.0.1");
        s.put("rest.bind-address", "127.0.0.1");
        s.put("rest.port", Integer.toString(restPort));
        s.put("rest.bind-port", Integer.toString(restPort));
        s.put("jobmanager.rpc.address", "127.0.0.1");
        s.put("jobmanager.rpc.port", Integer.toString(FreePort.find()));
        s.put("jobmanager.bind-host", "127.0.0.1");
        s.put("taskmanager.host", "127.0.0.1");
        s.put("taskmanager.bind-host", "127.0.0.1");
        s.put("web.tmpdir", directory.resolve("web").toString());
        s.put("io.tmp.dirs", directory.resolve("tmp").toString());
        s.put("blob.storage.directory", directory.resolve("blob").toString());
        s.put(
                "execution.checkpointing.dir",
                directory.resolve("checkpoints").toUri().toString());
        s.put(
                "execution.checkpointing.savepoint-dir",
                directory.resolve("savepoints").toUri().toString());
        // A worker must be told all of its memory; the distribution's scripts reckon it.
        s.put("taskmanager.cpu.cores", "1.0");
        s.put("taskmanager.numberOfTaskSlots", "2");
        s.put("taskmanager.memory.task.heap.size", "384m");
        s.put("taskmanager.memory.task.off-heap.size", "64m");
        s.put("taskmanager.memory.framework.heap.size", "128m");
        s.put("taskmanager.memory.framework.off-heap.size", "128m");
        s.put("taskmanager.memory.network.min", "128m");
        s.put("taskmanager.memory.network.max", "128m");
        s.put("taskmanager.memory.managed.size", "64m");
        s.put("taskmanager.memory.jvm-metaspace.size", "256m");
        s.put("taskmanager.memory.jvm-overhead.min", "192m");
        s.put("taskmanager.memory.jvm-overhead.max", "192m");
        s.put("state.backend.rocksdb.memory.fixed-per-slot", "128m");
        // What is asked over HTTP is as it is now.
        s.put("web.refresh-interval", "100 ms");
        // A dead worker is given up after seconds, not after the minute that is the default.
        s.put("heartbeat.interval", "500 ms");
        s.put("heartbeat.timeout", "5 s");
        s.put("heartbeat.rpc-failure-threshold", "1");
        s.put("slotmanager.requirement-check-delay", "0 ms");
        return s;
    }
}
