package touchline.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client of a relay over a real socket: holds all matches, and remembers what it showed of them, message by message. */
final class Subscriber implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a match's cells were named after one message. */
    record Shown(String match, String position, Set<String> cells) {}

    private static final class Held {
        private String position = "";
        private final Set<String> cells = new TreeSet<>();
    }

    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final List<Shown> shown = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final WebSocket socket;

    Subscriber(int port, List<String> matches) throws IOException {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("touchline.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/stream"), new Listener())
                .join();
        socket.sendText(JSON.writeValueAsString(Map.of("op", "sub", "id", 1, "select", Map.of("match", matches))), true)
                .join();
    }

    /** Everything that was shown, in the order in which it came. */
    List<Shown> shown() {
        return new ArrayList<>(shown);
    }

    /** What is shown now; empty when the match is not held. */
    Set<String> cells(String match) {
        Held of = held.get(match);
        synchronized (held) {
            return of == null ? Set.of() : new HashSet<>(of.cells);
        }
    }

    /** Messages that did not follow on what was held. */
    List<String> faults() {
        return faults;
    }

    private void take(JsonNode message) {
        String match = message.path("match").asText();
        String position = message.path("pos").asText();
        Held now = held.computeIfAbsent(match, id -> new Held());
        synchronized (held) {
            switch (message.path("op").asText()) {
                case "image" -> {
                    now.cells.clear();
                    message.path("cells").fieldNames().forEachRemaining(now.cells::add);
                }
                case "patch" -> {
                    if (!message.path("from").asText().equals(now.position)) {
                        faults.add("held " + now.position + ", told " + message);
                    }
                    message.path("set").fieldNames().forEachRemaining(now.cells::add);
                    message.path("del").forEach(cell -> now.cells.remove(cell.asText()));
                }
                case "gone", "error" -> faults.add(message.toString());
                default -> {
                    return;
                }
            }
            now.position = position;
            shown.add(new Shown(match, position, new HashSet<>(now.cells)));
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    JsonNode frame = JSON.readTree(text.toString());
                    text.setLength(0);
                    if (frame.isArray()) {
                        frame.forEach(Subscriber.this::take);
                    } else {
                        take(frame);
                    }
                } catch (IOException e) {
                    faults.add(e.getMessage());
                }
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            faults.add(error.toString());
        }
    }

    @Override
    public void close() {
        socket.abort();
    }
}
