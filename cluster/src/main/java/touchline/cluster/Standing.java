package touchline.cluster;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The cluster that stands: its processes in the order in which they were started, and where everything is. Kept in a
 * file, written at every step, so that whatever was started can be ended by another command.
 */
final class Standing {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, String> endpoints = new TreeMap<>();
    private final Map<String, String> settings = new TreeMap<>();

    Standing(Path file) {
        this.file = file;
    }

    static Path file() {
        return Roots.run().resolve("cluster.json");
    }

    /** The directory that all its processes work in. */
    static Path directory() {
        return Roots.run().resolve("cluster");
    }

    static boolean exists() {
        return Files.exists(file());
    }

    /** @throws IllegalStateException when there is none */
    static Standing read() {
        if (!exists()) {
            throw new IllegalStateException(
                    "no cluster stands here (" + file() + " is not there). Start one: ./touchline cluster up");
        }
        try {
            Standing standing = new Standing(file());
            var json = JSON.readTree(file().toFile());
            json.path("processes").forEach(one -> {
                List<String> command = new ArrayList<>();
                one.path("command").forEach(word -> command.add(word.asText()));
                Part part = new Part(
                        one.path("name").asText(),
                        one.path("pid").asLong(),
                        one.path("started").asLong(),
                        one.path("port").asInt(),
                        Path.of(one.path("log").asText()),
                        one.path("stop").asText(),
                        command);
                standing.parts.put(part.name(), part);
            });
            var strings = new TypeReference<Map<String, String>>() {};
            standing.endpoints.putAll(JSON.convertValue(json.path("endpoints"), strings));
            standing.settings.putAll(JSON.convertValue(json.path("settings"), strings));
            return standing;
        } catch (IOException e) {
            throw new UncheckedIOException(file() + " cannot be read", e);
        }
    }

    /** Ends whatever stands when this JVM is asked to end: for those that want nothing to outlive them. */
    static Thread endsWithThisJvm() {
        Thread hook = new Thread(
                () -> {
                    if (exists()) {
                        read().down();
                    }
                },
                "cluster-down");
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    synchronized Part start(Part part) {
        Part running = part.start();
        parts.put(running.name(), running);
        write();
        return running;
    }

    /** Starts it as it was started before. */
    Part again(String name) {
        return start(part(name));
    }

    synchronized List<Part> parts() {
        return List.copyOf(parts.values());
    }

    synchronized Part part(String name) {
        Part part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("no process is named " + name + ": " + parts.keySet());
        }
        return part;
    }

    synchronized List<Part> parts(String prefix) {
        return parts.values().stream()
                .filter(part -> part.name().startsWith(prefix))
                .toList();
    }

    synchronized void endpoint(String name, String where) {
        endpoints.put(name, where);
        write();
    }

    synchronized String endpoint(String name) {
        return endpoints.getOrDefault(name, "");
    }

    synchronized Map<String, String> endpoints() {
        return new TreeMap<>(endpoints);
    }

    synchronized void settings(Map<String, String> all) {
        settings.putAll(all);
        write();
    }

    synchronized Map<String, String> settings() {
        return new TreeMap<>(settings);
    }

    private void write() {
        Map<String, Object> json = new LinkedHashMap<>();
        List<Map<String, Object>> processes = new ArrayList<>();
        for (Part part : parts.values()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", part.name());
            one.put("pid", part.pid());
            one.put("started", part.started());
            one.put("port", part.port());
            one.put("log", part.log().toString());
            one.put("stop", part.stop());
            one.put("command", part.command());
            processes.add(one);
        }
        json.put("endpoints", endpoints);
        json.put("settings", settings);
        json.put("processes", processes);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), "cluster", ".json");
            JSON.writeValue(whole.toFile(), json);
            Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }

    /**
     * Ends every process that is still the one that was started, the last started first: asked, and after a while killed.
     *
     * @return those that had to be killed
     */
    synchronized List<String> down() {
        List<Part> last = new ArrayList<>(parts.values());
        Collections.reverse(last);
        List<String> killed = new ArrayList<>();
        // Who uses others first: a database waits for its readers, a job for its log.
        for (boolean users : new boolean[] {true, false}) {
            List<Part> wave = last.stream()
                    .filter(part -> part.name().matches("(task|job|relay).*") == users)
                    .toList();
            wave.forEach(Part::thaw);
            wave.forEach(part -> part.signal(part.stop()));
            long deadline = System.nanoTime() + 8_000_000_000L;
            while (wave.stream().anyMatch(Part::isUp) && System.nanoTime() < deadline) {
                Thread.onSpinWait();
                pause();
            }
            for (Part part : wave) {
                if (part.isUp()) {
                    killed.add(part.name());
                    part.kill();
                }
            }
        }
        SmallDisk.unmount(this);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + file, e);
        }
        return killed;
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
