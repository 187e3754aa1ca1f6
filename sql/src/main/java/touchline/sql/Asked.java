package touchline.sql;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.gateway.api.operation.OperationHandle;
import org.apache.flink.table.gateway.api.session.SessionHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queries that somebody waits for. Flink ends the job of a query of which it has not been told for so long (its own
 * {@code client.heartbeat.timeout}) that it is still asked: of one whose gateway was killed, and of one that was ended while it
 * was being submitted, which the gateway forgets. What writes (INSERT) is not among them and runs on.
 */
final class Asked implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Asked.class);
    private static final int BEATS_IN_TIME = 6;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Pattern QUERY = Pattern.compile(
            "(?is)(?:\\s|--[^\\n]*(?:\\n|$)|/\\*(?!\\+).*?\\*/|\\()*+(?:SELECT|WITH|VALUES|TABLE)\\b.*");

    private record Query(SessionHandle session, JobID job) {}

    private final URI flink;
    private final Duration alive;
    private final Duration beat;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<OperationHandle, Query> queries = new ConcurrentHashMap<>();
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "asked");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param alive for so long Flink takes a query for asked that it was told is
     * @throws IllegalArgumentException when that is too short to tell it in time
     */
    Asked(URI flink, Duration alive) {
        if (alive.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("client.heartbeat.timeout=" + alive.toMillis()
                    + " ms: every query would end before it is told of; set it to 1 s or more");
        }
        this.flink = flink;
        this.alive = alive;
        this.beat = alive.dividedBy(BEATS_IN_TIME);
        var unused = beats.scheduleAtFixedRate(this::beat, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
    }

    static boolean query(String statement) {
        return QUERY.matcher(statement).matches();
    }

    /** What makes Flink end that job when it is told of it no more. */
    Configuration watched(JobID job) {
        return Configuration.fromMap(Map.of(
                "$internal.pipeline.job-id",
                job.toHexString(),
                "execution.attached",
                "true",
                "execution.shutdown-on-attached-exit",
                "true",
                "client.heartbeat.timeout",
                alive.toMillis() + " ms"));
    }

    void add(SessionHandle session, OperationHandle operation, JobID job) {
        queries.put(operation, new Query(session, job));
    }

    void remove(OperationHandle operation) {
        queries.remove(operation);
    }

    void remove(SessionHandle session) {
        queries.values().removeIf(query -> query.session().equals(session));
    }

    /** Of all at once: one that is not answered holds up no other. */
    private void beat() {
        long until = System.currentTimeMillis() + alive.toMillis();
        for (Query query : queries.values()) {
            var unused = tell(query.job(), until).exceptionally(e -> {
                LOG.warn("event=beat_failed job={} reason=\"{}\"", query.job(), e.getMessage());
                return null;
            });
        }
    }

    /** A job that is not there yet, or no more, is answered 404, which changes nothing. */
    private CompletableFuture<@Nullable Void> tell(JobID job, long until) {
        return client.sendAsync(
                        HttpRequest.newBuilder(flink.resolve("/jobs/" + job + "/clientHeartbeat"))
                                .timeout(beat)
                                .header("Content-Type", "application/json")
                                .method(
                                        "PATCH",
                                        HttpRequest.BodyPublishers.ofString("{\"expiredTimestamp\":" + until + "}"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .thenAccept(answer -> {});
    }

    @Override
    public void close() {
        beats.shutdownNow();
    }
}
