package touchline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Chromium without a screen, with a profile of its own and one page, spoken to in its own protocol: an answer takes
 * less than a millisecond, where a driver in between takes several.
 */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Duration START = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path profile;
    private final Process process;
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private @Nullable WebSocket socket;

    private Chromium(Path program) throws IOException {
        profile = Files.createTempDirectory("chromium");
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--window-size=1360,860",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** @throws IllegalArgumentException when there is none on this machine, with what helps */
    static Path program() {
        String path = System.getenv().getOrDefault("PATH", "");
        return NAMES.stream()
                .flatMap(name -> Stream.of(path.split(":")).map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'browser' needs a Chromium, and none of " + NAMES + " is on PATH: apt-get install chromium"));
    }

    static Chromium start() throws IOException {
        Chromium chromium = new Chromium(program());
        try {
            chromium.connect();
            return chromium;
        } catch (RuntimeException e) {
            chromium.close();
            throw e;
        }
    }

    private void connect() {
        Path told = profile.resolve("DevToolsActivePort");
        HttpClient http = HttpClient.newHttpClient();
        URI[] page = new URI[1];
        Rig.await("Chromium to listen", START, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("Chromium ended with " + process.exitValue());
            }
            if (!Files.exists(told) || Files.readAllLines(told).isEmpty()) {
                return false;
            }
            URI list = URI.create("http://127.0.0.1:" + Files.readAllLines(told).get(0) + "/json/list");
            String targets = http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            for (JsonNode target : JSON.readTree(targets)) {
                if (target.path("type").asText().equals("page")) {
                    page[0] = URI.create(target.path("webSocketDebuggerUrl").asText());
                }
            }
            return page[0] != null;
        });
        socket = http.newWebSocketBuilder().buildAsync(page[0], new Answers()).join();
        ask("Page.enable", JSON.createObjectNode());
    }

    /** Each text is an answer to what was asked, or an event that nobody waits for. */
    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                hear(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private void hear(String text) {
        try {
            JsonNode answer = JSON.readTree(text);
            CompletableFuture<JsonNode> asker = asked.remove(answer.path("id").asInt(-1));
            if (asker != null) {
                asker.complete(answer);
            }
        } catch (IOException e) {
            asked.values().forEach(asker -> asker.completeExceptionally(e));
        }
    }

    private JsonNode ask(String method, ObjectNode parameters) {
        int id = lastId.incrementAndGet();
        ObjectNode question = JSON.createObjectNode().put("id", id).put("method", method);
        question.set("params", parameters);
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        if (socket == null) {
            throw new IllegalStateException("not connected to Chromium");
        }
        socket.sendText(question.toString(), true).join();
        JsonNode told = answer.orTimeout(30, TimeUnit.SECONDS).join();
        if (told.has("error") || told.path("result").has("exceptionDetails")) {
            throw new IllegalStateException("Chromium, " + method + ": " + told);
        }
        return told.path("result");
    }

    /** Opens an address; {@code script} runs before any of the page's own. */
    void open(String address, String script) {
        ask("Page.addScriptToEvaluateOnNewDocument", JSON.createObjectNode().put("source", script));
        ask("Page.navigate", JSON.createObjectNode().put("url", address));
    }

    /** The value of an expression, or what its promise comes to. */
    JsonNode js(String expression) {
        return ask(
                        "Runtime.evaluate",
                        JSON.createObjectNode()
                                .put("expression", expression)
                                .put("returnByValue", true)
                                .put("awaitPromise", true))
                .path("result")
                .path("value");
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.abort();
        }
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            // A straggler of the browser still writes there; the directory is a temporary one.
            profile.toFile().deleteOnExit();
        }
    }
}
