package touchline.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the JobManagers tell over HTTP; any one of them that answers is asked. */
final class FlinkJobs {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<Integer> ports;
    private volatile int answering;

    FlinkJobs(List<Integer> ports) {
        this.ports = List.copyOf(ports);
    }

    static FlinkJobs of(Standing standing) {
        return new FlinkJobs(
                standing.parts("jobmanager").stream().map(Part::port).toList());
    }

    /**
     * A job and how it is.
     *
     * @param checkpointAt when the last one completed, ms UTC; 0 for never
     * @param path of that checkpoint
     */
    record Job(
            String name,
            String id,
            String state,
            long restarts,
            long checkpoints,
            long checkpointAt,
            long checkpointMs,
            String path) {}

    /** The jobs that have not ended. */
    List<Job> jobs() {
        List<Job> jobs = new ArrayList<>();
        for (JsonNode job : get("/jobs/overview").path("jobs")) {
            if (!ENDED.contains(job.path("state").asText())) {
                jobs.add(job(job));
            }
        }
        return jobs;
    }

    Optional<Job> job(String name) {
        return jobs().stream().filter(job -> job.name().equals(name)).findFirst();
    }

    /** Why the jobs of that name that failed did so, the newest first. */
    List<String> failures(String name) {
        List<JsonNode> failed = new ArrayList<>();
        for (JsonNode job : get("/jobs/overview").path("jobs")) {
            if (job.path("name").asText().equals(name)
                    && job.path("state").asText().equals("FAILED")) {
                failed.add(job);
            }
        }
        failed.sort(Comparator.comparingLong(
                        (JsonNode job) -> job.path("start-time").asLong())
                .reversed());
        return failed.stream()
                .map(job -> get("/jobs/" + job.path("jid").asText() + "/exceptions")
                        .path("root-exception")
                        .asText())
                .toList();
    }

    private Job job(JsonNode job) {
        String id = job.path("jid").asText();
        JsonNode checkpoints = get("/jobs/" + id + "/checkpoints");
        JsonNode last = checkpoints.path("latest").path("completed");
        JsonNode restarts = get("/jobs/" + id + "/metrics?get=numRestarts");
        return new Job(
                job.path("name").asText(),
                id,
                job.path("state").asText(),
                restarts.path(0).path("value").asLong(),
                checkpoints.path("counts").path("completed").asLong(),
                last.path("latest_ack_timestamp").asLong(),
                last.path("end_to_end_duration").asLong(),
                last.path("external_path").asText());
    }

    /** Does every task of it run? */
    boolean runs(String name) {
        Optional<Job> job = job(name);
        if (job.isEmpty() || !job.get().state().equals("RUNNING")) {
            return false;
        }
        JsonNode vertices = get("/jobs/" + job.get().id()).path("vertices");
        for (JsonNode vertex : vertices) {
            if (vertex.path("tasks").path("RUNNING").asInt()
                    != vertex.path("parallelism").asInt()) {
                return false;
            }
        }
        return !vertices.isEmpty();
    }

    boolean isCheckpointing(String id) {
        return get("/jobs/" + id + "/checkpoints")
                        .path("counts")
                        .path("in_progress")
                        .asInt()
                > 0;
    }

    /** The workers that offer slots. */
    Set<String> workers() {
        Set<String> names = new TreeSet<>();
        for (JsonNode worker : get("/taskmanagers").path("taskmanagers")) {
            if (worker.path("slotsNumber").asInt() > 0) {
                names.add(worker.path("id").asText());
            }
        }
        return names;
    }

    int freeSlots() {
        int free = 0;
        for (JsonNode worker : get("/taskmanagers").path("taskmanagers")) {
            free += worker.path("freeSlots").asInt();
        }
        return free;
    }

    /** Where tasks of the job are. */
    Set<String> workersOf(String name) {
        Set<String> workers = new TreeSet<>();
        String id = job(name).map(Job::id).orElse("");
        for (JsonNode vertex : get("/jobs/" + id).path("vertices")) {
            for (JsonNode task : get("/jobs/" + id + "/vertices/"
                            + vertex.path("id").asText())
                    .path("subtasks")) {
                workers.add(task.path("taskmanager-id").asText());
            }
        }
        return workers;
    }

    /** Empty while nobody gives an answer. */
    private JsonNode get(String path) {
        for (int i = 0; i < ports.size(); i++) {
            // The one that answered last first: another may be frozen, and cost its timeout each time.
            int one = (answering + i) % ports.size();
            JsonNode answer = ask(ports.get(one), path);
            if (answer != null) {
                answering = one;
                return answer;
            }
        }
        return JSON.createObjectNode();
    }

    private @Nullable JsonNode ask(int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? JSON.readTree(response.body()) : null;
        } catch (IOException e) {
            // That one is down, or nobody leads yet: the next one may know.
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + path, e);
        }
    }
}
