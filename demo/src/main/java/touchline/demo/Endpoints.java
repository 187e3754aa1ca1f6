package touchline.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where everything of a running demo is, so that anything else can attach: one JSON object, one field a line.
 *
 * @param page what everybody sees
 * @param operator the page on which operators write
 * @param psql what {@code psql} takes as its connection string
 * @param settings of the jobs, as text; the audit needs the rules in them
 */
record Endpoints(
        long pid,
        String page,
        String operator,
        String flink,
        String kafka,
        String redis,
        String postgres,
        String psql,
        String oddsApi,
        String log,
        Map<String, String> settings) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    Endpoints {
        settings = new TreeMap<>(settings);
    }

    /** Whoever looks sees the whole file or none. */
    void write(Path file) {
        ObjectNode json = JSON.createObjectNode();
        json.put("pid", pid);
        json.put("page", page);
        json.put("operator", operator);
        json.put("flink", flink);
        json.put("kafka", kafka);
        json.put("redis", redis);
        json.put("postgres", postgres);
        json.put("psql", psql);
        json.put("oddsApi", oddsApi);
        json.put("log", log);
        ObjectNode all = json.putObject("settings");
        settings.forEach(all::put);
        try {
            Path absolute = file.toAbsolutePath();
            Files.createDirectories(absolute.getParent());
            Path whole = Files.createTempFile(absolute.getParent(), "endpoints", ".json");
            JSON.writeValue(whole.toFile(), json);
            Files.move(whole, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IllegalArgumentException("--endpoints " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException when there is none, or its demo has ended */
    static Endpoints read(Path file) {
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    file + " is not there: start a demo (./touchline demo), or name the right --endpoints file");
        }
        try {
            JsonNode json = JSON.readTree(file.toFile());
            Map<String, String> settings = new TreeMap<>();
            json.path("settings")
                    .properties()
                    .forEach(one -> settings.put(one.getKey(), one.getValue().asText()));
            Endpoints endpoints = new Endpoints(
                    json.path("pid").asLong(),
                    json.path("page").asText(),
                    json.path("operator").asText(),
                    json.path("flink").asText(),
                    json.path("kafka").asText(),
                    json.path("redis").asText(),
                    json.path("postgres").asText(),
                    json.path("psql").asText(),
                    json.path("oddsApi").asText(),
                    json.path("log").asText(),
                    settings);
            if (ProcessHandle.of(endpoints.pid()).isEmpty()) {
                throw new IllegalArgumentException(
                        "the demo of " + file + " (process " + endpoints.pid() + ") has ended: start another");
            }
            return endpoints;
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The process whose demo stands in the file, 0 when there is none or it has ended. */
    static long standing(Path file) {
        try {
            long pid = Files.exists(file)
                    ? JSON.readTree(file.toFile()).path("pid").asLong()
                    : 0;
            return ProcessHandle.of(pid).isPresent() ? pid : 0;
        } catch (IOException e) {
            // A torn file is nobody's: it is written anew.
            return 0;
        }
    }

    /** Takes the file away if it is still this demo's. */
    void withdraw(Path file) {
        try {
            if (Files.exists(file) && JSON.readTree(file.toFile()).path("pid").asLong() == pid) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // A later demo replaced it just now: then it is not ours to take away.
            return;
        }
    }
}
