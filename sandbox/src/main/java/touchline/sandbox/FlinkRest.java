package touchline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What a Flink cluster tells of itself over HTTP. */
final class FlinkRest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String url;

    FlinkRest(int port) {
        url = "http://127.0.0.1:" + port;
    }

    String url() {
        return url;
    }

    /** The workers that offer slots; none while nobody answers. */
    Set<String> taskManagers() {
        return workers(worker -> worker.path("slotsNumber").asInt() > 0);
    }

    /** Those of them that run nothing. */
    Set<String> idle() {
        return workers(worker -> worker.path("slotsNumber").asInt() > 0
                && worker.path("freeSlots").asInt()
                        == worker.path("slotsNumber").asInt());
    }

    private Set<String> workers(Predicate<JsonNode> which) {
        Set<String> names = new TreeSet<>();
        for (JsonNode worker : get("/taskmanagers").path("taskmanagers")) {
            if (which.test(worker)) {
                names.add(worker.path("id").asText());
            }
        }
        return names;
    }

    /** @throws IllegalStateException when there is none, or more than one, of that name that has not ended */
    String job(String name) {
        String found = "";
        for (JsonNode job : get("/jobs/overview").path("jobs")) {
            boolean ended = Set.of("FINISHED", "CANCELED", "FAILED")
                    .contains(job.path("state").asText());
            if (job.path("name").asText().equals(name) && !ended) {
                if (!found.isEmpty()) {
                    throw new IllegalStateException("two jobs are named " + name);
                }
                found = job.path("jid").asText();
            }
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("no job runs that is named " + name);
        }
        return found;
    }

    /** Where the tasks of a job run; empty unless all of them do. */
    Set<String> workersOf(String job) {
        Set<String> workers = new TreeSet<>();
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            JsonNode tasks = get("/jobs/" + job + "/vertices/"
                            + vertex.path("id").asText())
                    .path("subtasks");
            for (JsonNode task : tasks) {
                if (!task.path("status").asText().equals("RUNNING")) {
                    return Set.of();
                }
                workers.add(task.path("taskmanager-id").asText());
            }
        }
        return workers;
    }

    long completedCheckpoints(String job) {
        return get("/jobs/" + job + "/checkpoints")
                .path("counts")
                .path("completed")
                .asLong();
    }

    /** An empty answer while the JobManager does not (yet) give one. */
    private JsonNode get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? JSON.readTree(response.body()) : JSON.createObjectNode();
        } catch (IOException e) {
            return JSON.createObjectNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + path, e);
        }
    }
}
