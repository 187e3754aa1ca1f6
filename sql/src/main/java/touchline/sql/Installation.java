package touchline.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The Touchline that is asked: where its Flink is, and the settings of its jobs.
 *
 * @param settings under the names that they have for the jobs
 * @param jars what its Flink must be given besides; empty where it has the tables' classes itself
 */
record Installation(URI flink, Map<String, String> settings, String jars) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A demo's Flink has our classes; a cluster is given them with each query. */
    private static String jar() {
        Path jar = Path.of(Objects.requireNonNullElse(System.getProperty("touchline.root"), "."))
                .resolve("sql/target/touchline-sql.jar");
        if (!Files.exists(jar)) {
            throw new IllegalArgumentException(jar + " is not there: mvn -pl sql -am package -DskipTests makes it");
        }
        return jar.toAbsolutePath().toUri().toString();
    }

    /**
     * From what a running demo or cluster tells of itself.
     *
     * @throws IllegalArgumentException when the file is not there, or tells of nothing that runs
     */
    static Installation read(Path file) {
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(file + " is not there: start a demo (./touchline demo) or a cluster"
                    + " (./touchline cluster up), or name the right --endpoints file");
        }
        try {
            JsonNode json = JSON.readTree(file.toFile());
            Map<String, String> settings = new TreeMap<>();
            json.path("settings")
                    .properties()
                    .forEach(one -> settings.put(one.getKey(), one.getValue().asText()));
            boolean cluster = json.has("endpoints");
            String flink =
                    (cluster ? json.path("endpoints") : json).path("flink").asText();
            if (flink.isEmpty()) {
                throw new IllegalArgumentException(file + " names no Flink: is it the file of a demo or a cluster?");
            }
            if (!cluster && ProcessHandle.of(json.path("pid").asLong()).isEmpty()) {
                throw new IllegalArgumentException("the demo of " + file + " (process "
                        + json.path("pid").asLong() + ") has ended: start another");
            }
            return new Installation(URI.create(flink), settings, cluster ? jar() : "");
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
