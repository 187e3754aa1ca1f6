package touchline.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session at a gateway, over REST. Every statement either ends well, or its failure is told in the gateway's words. */
final class Statements implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE_MS = 50;

    /** A statement failed. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /** Hears what comes of a statement, as it comes. */
    interface Listener {
        /** @param query whether rows follow that the statement asked for */
        void columns(List<Column> columns, boolean query);

        void row(String kind, List<@Nullable String> fields);

        /** Asked between two looks at a query that may never end. */
        boolean wantsMore();
    }

    record Column(String name, String type) {}

    private final HttpClient client = HttpClient.newHttpClient();
    private final String gateway;
    private final String session;

    private Statements(String gateway) throws FailedException {
        this.gateway = gateway;
        session = "/v2/sessions/"
                + send("POST", "/v2/sessions", JSON.createObjectNode())
                        .path("sessionHandle")
                        .asText();
    }

    /** @param gateway host:port */
    static Statements at(String gateway) throws FailedException {
        return new Statements(gateway);
    }

    /** Returns when the statement has ended, or the listener wants no more. */
    void run(String statement, Listener listener) throws FailedException {
        ObjectNode body = JSON.createObjectNode().put("statement", statement);
        String operation = session + "/operations/"
                + send("POST", session + "/statements", body)
                        .path("operationHandle")
                        .asText();
        String next = operation + "/result/0?rowFormat=PLAIN_TEXT";
        boolean told = false;
        while (!next.isEmpty() && listener.wantsMore()) {
            JsonNode page = send("GET", next, null);
            String type = page.path("resultType").asText();
            if (type.equals("NOT_READY")) {
                pause();
                continue;
            }
            if (!told && page.has("results")) {
                listener.columns(columns(page), page.path("isQueryResult").asBoolean());
                told = true;
            }
            JsonNode rows = page.path("results").path("data");
            rows.forEach(row -> listener.row(row.path("kind").asText(), fields(row)));
            next = type.equals("EOS") ? "" : path(page.path("nextResultUri").asText());
            if (rows.isEmpty() && !next.isEmpty()) {
                pause();
            }
        }
        send("DELETE", operation + "/close", null);
    }

    private static List<Column> columns(JsonNode page) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode column : page.path("results").path("columns")) {
            columns.add(new Column(
                    column.path("name").asText(),
                    column.path("logicalType").path("type").asText()));
        }
        return columns;
    }

    private static List<@Nullable String> fields(JsonNode row) {
        List<@Nullable String> fields = new ArrayList<>();
        row.path("fields").forEach(field -> fields.add(field.isNull() ? null : field.asText()));
        return fields;
    }

    /** The gateway answers with a path, or with a whole address. */
    private static String path(String uri) {
        URI parsed = URI.create(uri);
        String query = parsed.getRawQuery();
        return query == null ? parsed.getRawPath() : parsed.getRawPath() + "?" + query;
    }

    private JsonNode send(String method, String path, @Nullable ObjectNode body) throws FailedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + gateway + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode answer = JSON.readTree(response.body());
            if (response.statusCode() != 200) {
                throw new FailedException(Failure.words(answer.path("errors")));
            }
            return answer;
        } catch (IOException e) {
            String why = e instanceof ConnectException ? "nothing listens there" : String.valueOf(e.getMessage());
            throw new FailedException("the gateway at " + gateway + " does not answer: " + why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException("interrupted");
        }
    }

    private static void pause() throws FailedException {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException("interrupted");
        }
    }

    @Override
    public void close() throws FailedException {
        send("DELETE", session, null);
    }
}
