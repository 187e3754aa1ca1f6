package touchline.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.jspecify.annotations.Nullable;
import touchline.sandbox.Await;
import touchline.sandbox.FlinkServer;

/** A job that reads the operators' database and remembers what it saw, across its restarts. */
final class Reading implements AutoCloseable {

    private static final Map<String, Queue<Captured>> SEEN = new ConcurrentHashMap<>();
    private static final Map<String, String> POISON = new ConcurrentHashMap<>();
    private static volatile Consumer<Captured> listener = captured -> {};
    private static final Duration LONG = Duration.ofSeconds(60);

    private final FlinkServer flink;
    private final PostgresSettings settings;
    private final boolean heartbeatWriter;
    private final Duration debeziumHeartbeat;
    private final String name;
    private final boolean loses;
    private @Nullable JobID job;

    private Reading(FlinkServer flink, PostgresSettings settings, boolean heartbeatWriter, Duration debeziumHeartbeat) {
        this(flink, settings, heartbeatWriter, debeziumHeartbeat, false);
    }

    private Reading(
            FlinkServer flink,
            PostgresSettings settings,
            boolean heartbeatWriter,
            Duration debeziumHeartbeat,
            boolean loses) {
        this.loses = loses;
        this.flink = flink;
        this.settings = settings;
        this.heartbeatWriter = heartbeatWriter;
        this.debeziumHeartbeat = debeziumHeartbeat;
        this.name = settings.slot();
        SEEN.put(name, new ConcurrentLinkedQueue<>());
    }

    /** As in production. */
    static Reading start(FlinkServer flink, PostgresSettings settings) {
        Reading reading = new Reading(flink, settings, true, Duration.ZERO);
        reading.submit(null);
        return reading;
    }

    /** As in production, but for every streamed row of a key that contains {@code lost}: that never comes. */
    static Reading startLosing(FlinkServer flink, PostgresSettings settings) {
        Reading reading = new Reading(flink, settings, true, Duration.ZERO, true);
        reading.submit(null);
        return reading;
    }

    /** Without the writer of heartbeats, with Debezium's. */
    static Reading startOnDebeziumHeartbeats(FlinkServer flink, PostgresSettings settings) {
        Reading reading = new Reading(flink, settings, false, Duration.ofMillis(100));
        reading.submit(null);
        return reading;
    }

    /** With no heartbeats at all. */
    static Reading startWithoutHeartbeats(FlinkServer flink, PostgresSettings settings) {
        Reading reading = new Reading(flink, settings, false, Duration.ZERO);
        reading.submit(null);
        return reading;
    }

    Queue<Captured> seen() {
        return SEEN.getOrDefault(name, new ConcurrentLinkedQueue<>());
    }

    /** All documents of a match, in the order in which they came. */
    List<Captured.Document> documents(String match) {
        return seen().stream()
                .filter(Captured.Document.class::isInstance)
                .map(Captured.Document.class::cast)
                .filter(document -> document.match().equals(match))
                .toList();
    }

    void await(String what, Predicate<Captured> predicate) {
        Await.until(what, LONG, () -> seen().stream().anyMatch(predicate));
    }

    void awaitStreaming() {
        await("the first streamed row", Captured::streamed);
    }

    /** Is told of every row at once, in the source's thread. */
    static void listen(Consumer<Captured> told) {
        listener = told;
    }

    /** The next row with this document's match throws before it is remembered, once. */
    void poison(String match) {
        POISON.put(name, match);
    }

    void awaitCheckpoints(int more) {
        long before =
                checkpoints().map(CompletedCheckpointStats::getCheckpointId).orElse(0L);
        Await.until(
                more + " checkpoints",
                LONG,
                () -> checkpoints()
                                .map(CompletedCheckpointStats::getCheckpointId)
                                .orElse(0L)
                        >= before + more);
    }

    void awaitRunning() {
        Await.until("job to run", LONG, () -> flink.status(job()) == JobStatus.RUNNING);
    }

    /** Ends the job with a savepoint. */
    String stopWithSavepoint() {
        try {
            String savepoint = cluster()
                    .triggerSavepoint(job(), null, true, SavepointFormatType.CANONICAL)
                    .get();
            flink.cancel(job());
            return savepoint;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("no savepoint", e);
        }
    }

    /** Ends the job and leaves its last checkpoint. */
    String cancel() {
        flink.cancel(job());
        return checkpoints().orElseThrow().getExternalPath();
    }

    void resume(String from) {
        submit(from);
    }

    private Optional<CompletedCheckpointStats> checkpoints() {
        try {
            return Optional.ofNullable(
                            cluster().getArchivedExecutionGraph(job()).get().getCheckpointStatsSnapshot())
                    .map(snapshot -> snapshot.getHistory().getLatestCompletedCheckpoint());
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("no statistics of checkpoints", e);
        }
    }

    private MiniCluster cluster() {
        return flink.miniCluster();
    }

    private JobID job() {
        if (job == null) {
            throw new IllegalStateException("not started");
        }
        return job;
    }

    private void submit(@Nullable String from) {
        Configuration configuration = new Configuration();
        configuration.setString("pipeline.generic-types", "false");
        configuration.setString("execution.checkpointing.interval", "100ms");
        configuration.setString("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        configuration.setString("state.checkpoints.num-retained", "3");
        configuration.setString("restart-strategy.type", "fixed-delay");
        configuration.setString("restart-strategy.fixed-delay.attempts", "1000");
        configuration.setString("restart-strategy.fixed-delay.delay", "100ms");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(1);
        CapturedType type = new CapturedType();
        DataStream<Captured> rows =
                heartbeatWriter && !loses ? ManualMatches.stream(env, settings, type) : bare(env, type);
        if (loses) {
            rows = ManualMatches.watched(rows.filter(Reading::isKept).uid("losing"), settings, type);
        }
        String reading = name;
        rows.map(captured -> remember(reading, captured))
                .returns(type)
                .uid("remember")
                .sinkTo(new DiscardingSink<>())
                .uid("nowhere");
        JobGraph graph = env.getStreamGraph().getJobGraph();
        if (from != null) {
            graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(from));
        }
        job = flink.submit(graph);
    }

    private DataStream<Captured> bare(StreamExecutionEnvironment env, CapturedType type) {
        return env.fromSource(
                        ManualMatches.source(settings, type, debeziumHeartbeat),
                        WatermarkStrategy.noWatermarks(),
                        "operators' database",
                        type)
                .uid("postgres-source");
    }

    private static boolean isKept(Captured captured) {
        String key = captured instanceof Captured.Document document
                ? document.match()
                : captured instanceof Captured.LinkRow link ? link.providerMatch() : "";
        boolean lost = key.contains("lost");
        return !(lost && captured.streamed());
    }

    private static Captured remember(String reading, Captured captured) {
        listener.accept(captured);
        if (captured instanceof Captured.Document document && POISON.remove(reading, document.match())) {
            throw new IllegalStateException("poisoned on purpose");
        }
        SEEN.getOrDefault(reading, new ConcurrentLinkedQueue<>()).add(captured);
        return captured;
    }

    @Override
    public void close() {
        flink.cancel(job());
        SEEN.remove(name);
    }
}
