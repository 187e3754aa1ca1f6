package touchline.sql;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.gateway.api.operation.OperationHandle;
import org.apache.flink.table.gateway.api.session.SessionHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queries that somebody waits for. Flink ends the job of a query of which it has not been told for {@link #ALIVE_MS} that
 * it is still asked: of one whose gateway was killed, and of one that was ended while it was being submitted, which the gateway
 * forgets. What writes (INSERT) is not among them and runs on.
 */
final class Asked implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Asked.class);
    private static final long ALIVE_MS = 60_000;
    private static final long BEAT_MS = 10_000;
    private static final Pattern QUERY = Pattern.compile(
            "(?is)(?:\\s|--[^\\n]*(?:\\n|$)|/\\*(?!\\+).*?\\*/|\\()*+(?:SELECT|WITH|VALUES|TABLE)\\b.*");

    private record Query(SessionHandle session, JobID job) {}

    private final URI flink;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<OperationHandle, Query> queries = new ConcurrentHashMap<>();
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "asked");
        thread.setDaemon(true);
        return thread;
    });

    Asked(URI flink) {
        this.flink = flink;
        var unused = beats.scheduleWithFixedDelay(this::beat, BEAT_MS, BEAT_MS, TimeUnit.MILLISECONDS);
    }

    static boolean query(String statement) {
        return QUERY.matcher(statement).matches();
    }

    /** What makes Flink end that job when it is told of it no more. */
    static Configuration watched(JobID job) {
        return Configuration.fromMap(Map.of(
                "$internal.pipeline.job-id",
                job.toHexString(),
                "execution.attached",
                "true",
                "execution.shutdown-on-attached-exit",
                "true",
                "client.heartbeat.timeout",
                ALIVE_MS + " ms"));
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

    private void beat() {
        long until = System.currentTimeMillis() + ALIVE_MS;
        for (Query query : queries.values()) {
            try {
                tell(query.job(), until);
            } catch (IOException e) {
                LOG.warn("event=beat_failed job={} reason=\"{}\"", query.job(), e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** A job that is not there yet, or no more, is answered 404, which changes nothing. */
    private void tell(JobID job, long until) throws IOException, InterruptedException {
        client.send(
                HttpRequest.newBuilder(flink.resolve("/jobs/" + job + "/clientHeartbeat"))
                        .timeout(Duration.ofMillis(BEAT_MS))
                        .header("Content-Type", "application/json")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"expiredTimestamp\":" + until + "}"))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }

    @Override
    public void close() {
        beats.shutdownNow();
    }
}
