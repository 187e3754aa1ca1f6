package touchline.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import touchline.update.MarketUpdate;
import touchline.update.UpdateJson;

/** The golden conversations: what was said in each. */
final class Scenarios {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Scenarios() {}

    static Path directory() {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            if (Files.isDirectory(up.resolve("scenarios"))) {
                return up.resolve("scenarios");
            }
        }
        throw new IllegalStateException("the directory scenarios is not here or above");
    }

    static List<String> names() {
        try (Stream<Path> files = Files.list(directory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".out.jsonl"))
                    .map(name -> name.substring(0, name.length() - ".out.jsonl".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<MarketUpdate> updates(String name) {
        List<MarketUpdate> updates = new ArrayList<>();
        for (JsonNode line : lines(name + ".out.jsonl")) {
            line.path("updates").forEach(update -> updates.add(UpdateJson.read(bytes(update))));
        }
        return updates;
    }

    /** What was told, with the log time of each. */
    static List<Entry> records(String name) {
        List<Entry> records = new ArrayList<>();
        for (JsonNode line : lines(name + ".in.jsonl")) {
            JsonNode hear = line.path("hear");
            if (hear.isObject()) {
                long time = line.path("t").asLong();
                records.add(new Entry(hear.path("match").asText(), time, time, bytes(hear)));
            }
        }
        return records;
    }

    private static List<JsonNode> lines(String file) {
        try {
            List<JsonNode> lines = new ArrayList<>();
            for (String line : Files.readAllLines(directory().resolve(file))) {
                lines.add(JSON.readTree(line));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
