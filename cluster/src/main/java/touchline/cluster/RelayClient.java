package touchline.cluster;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/**
 * A client of the relays that believes nothing: it holds every match, goes to the other relay when one is gone, with what it
 * holds, and every message must follow on that and lead to the checksums it names.
 */
final class RelayClient implements AutoCloseable {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final int MAX_FAULTS = 20;
    private static final long RETRY_MS = 100;
    private static final long SILENCE_MS = 5_000;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<String> relays;
    private final Arrivals arrivals = new Arrivals();
    private final Map<String, Held> held = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean broken;
    private volatile long heardAt;
    private volatile int relay;
    private long messages;

    private record Held(Position position, Map<String, String> cells) {}

    RelayClient(List<String> relays) {
        this.relays = List.copyOf(relays);
        thread = new Thread(this::live, "relay-client");
        thread.setDaemon(true);
        thread.start();
    }

    /** The relay it is with now. */
    int relay() {
        return relay;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    synchronized long messages() {
        return messages;
    }

    private void live() {
        while (!closed) {
            try {
                WebSocket socket = connect();
                while (!closed && !broken && System.currentTimeMillis() - heardAt < SILENCE_MS) {
                    Thread.sleep(5);
                }
                socket.abort();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException | TimeoutException | CompletionException e) {
                pause();
            }
            relay = (relay + 1) % relays.size();
        }
    }

    private WebSocket connect() throws InterruptedException, ExecutionException, TimeoutException {
        broken = false;
        heardAt = System.currentTimeMillis();
        WebSocket socket = http.newWebSocketBuilder()
                .subprotocols("touchline.v1")
                .connectTimeout(Duration.ofSeconds(2))
                .buildAsync(URI.create(relays.get(relay).replace("http", "ws") + "/v1/stream"), new Listening())
                .get(3, TimeUnit.SECONDS);
        ObjectNode sub = JSON.createObjectNode().put("op", "sub").put("id", 1);
        sub.putObject("select").put("all", true);
        ObjectNode have = sub.putObject("have");
        synchronized (this) {
            held.forEach((match, one) -> have.putArray(match).add(one.position().toString()));
        }
        socket.sendText(sub.toString(), true).get(3, TimeUnit.SECONDS);
        return socket;
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Listening implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heardAt = System.currentTimeMillis();
                read(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            broken = true;
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            broken = true;
        }
    }

    private synchronized void read(String frame) {
        try {
            JsonNode json = JSON.readTree(frame);
            if (json.isArray()) {
                json.forEach(this::take);
            } else {
                take(json);
            }
        } catch (IOException e) {
            fault("not JSON: " + frame);
        }
    }

    private void take(JsonNode message) {
        messages++;
        String match = message.path("match").asText();
        switch (message.path("op").asText()) {
            case "image" -> image(match, message);
            case "patch" -> patch(match, message);
            case "gone" -> held.remove(match);
            case "error" -> fault("error " + message);
            default -> {}
        }
    }

    private void image(String match, JsonNode message) {
        Position position = Position.parse(message.path("pos").asText());
        Held before = held.get(match);
        if (before != null && position.compareTo(before.position()) <= 0) {
            return;
        }
        Map<String, String> cells = new TreeMap<>();
        put(cells, message.path("cells"));
        verify(match, position, cells, message.path("sums"));
        held.put(match, new Held(position, cells));
    }

    private void patch(String match, JsonNode message) {
        Position position = Position.parse(message.path("pos").asText());
        Held before = held.get(match);
        if (before != null && position.sameEpoch(before.position()) && position.compareTo(before.position()) <= 0) {
            return;
        }
        if (before == null
                || !before.position().toString().equals(message.path("from").asText())) {
            fault("a patch of " + match + " from " + message.path("from").asText() + ", held is "
                    + (before == null ? "nothing" : before.position()));
            return;
        }
        Map<String, String> cells = new TreeMap<>(before.cells());
        message.path("del").forEach(cell -> cells.remove(cell.asText()));
        put(cells, message.path("set"));
        verify(match, position, cells, message.path("sums"));
        held.put(match, new Held(position, cells));
        arrivals.add(System.currentTimeMillis());
    }

    private static void put(Map<String, String> cells, JsonNode from) {
        from.properties()
                .forEach(cell -> cells.put(
                        cell.getKey(),
                        cell.getValue().isNumber()
                                ? cell.getValue().decimalValue().toPlainString()
                                : cell.getValue().asText()));
    }

    private void verify(String match, Position position, Map<String, String> cells, JsonNode sums) {
        sums.properties().forEach(sum -> {
            Map<String, String> fields = new TreeMap<>();
            cells.forEach((cell, value) -> {
                if (MarketUpdate.group(cell).equals(sum.getKey())) {
                    fields.put(MarketUpdate.field(cell), value);
                }
            });
            String here = fields.isEmpty() ? "null" : Checksum.hex(Checksum.of(fields));
            if (!here.equals(sum.getValue().asText())) {
                fault("checksum of " + match + " " + sum.getKey() + " at " + position + " is " + here + ", told "
                        + sum.getValue());
            }
        });
    }

    private void fault(String text) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(text);
        }
    }

    /**
     * Compares with the images that a relay gives by HTTP now.
     *
     * @return how many matches stood at the same position; what differed is a fault
     */
    int compare(String with) {
        int same = 0;
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(with + "/v1/matches"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            JsonNode images = JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
            synchronized (this) {
                for (JsonNode image : images.path("matches")) {
                    Held here = held.get(image.path("match").asText());
                    if (here != null
                            && here.position()
                                    .toString()
                                    .equals(image.path("pos").asText())) {
                        Map<String, String> cells = new TreeMap<>();
                        put(cells, image.path("cells"));
                        same++;
                        if (!cells.equals(here.cells())) {
                            fault("at the same position " + here.position() + " a client and " + with
                                    + " hold different cells of "
                                    + image.path("match").asText());
                        }
                    }
                }
            }
            return same;
        } catch (IOException e) {
            return same;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
