package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;
import touchline.sandbox.Certificates;
import touchline.update.MarketUpdate;

/** The port that clients come to, over real sockets; what is on the board the test says itself. */
class RelayServerIT {

    private static final String LIVE = "{\"op\":\"sub\",\"id\":1,\"select\":{\"phase\":\"live\"}}";

    private final Counters counters = new Counters();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Truth truth = new Truth("m:1", 1, 1_000);
    private volatile boolean ready = true;
    private Board board = new Board(0, 1_000, Time.SYSTEM, counters, new Hub(Time.SYSTEM));
    private @Nullable RelayServer started;

    private void start(String... settings) {
        start(Gate.anonymous(), settings);
    }

    private void start(Gate gate, String... settings) {
        Map<String, String> values =
                new HashMap<>(Map.of("relay.port", "0", "relay.adminPort", "0", "relay.drainMs", "0"));
        for (int i = 0; i < settings.length; i += 2) {
            values.put(settings[i], settings[i + 1]);
        }
        RelayConfig config = new Settings(values).as(RelayConfig.class, "relay");
        Hub hub = new Hub(Time.SYSTEM);
        board = new Board(config.removedMax(), config.leftoverMs(), Time.SYSTEM, counters, hub);
        started = RelayServer.start(config, board, hub, gate, counters, () -> ready);
        board.shards(1);
        board.complete(0, Set.of());
        beat();
        tell(truth.begin("live", "epl"));
    }

    @AfterEach
    void stop() {
        if (started != null) {
            started.close();
        }
    }

    private int port() {
        return server().port();
    }

    private RelayServer server() {
        RelayServer server = started;
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server;
    }

    private void beat() {
        board.beat(0, System.currentTimeMillis(), 1);
    }

    private void tell(MarketUpdate update) {
        assertThat(board.update(0, update)).isTrue();
        board.flush();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tellsWhatIsAndThenWhatChanges() throws Exception {
        start();
        try (RawClient client = RawClient.to(port())) {
            client.say(LIVE);
            client.readUntil("ready", () -> client.reader.ready.contains(1L));
            assertThat(client.reader.holding("m:1").cells).isEqualTo(truth.cells);
            assertThat(client.reader.alive().path("late").asBoolean()).isFalse();

            tell(truth.patch(Map.of("h2h/home", "2.2", "h2h/@status", "suspended")));
            client.readUntil("the change", () -> client.reader.isAt("m:1", truth.position));
            assertThat(client.reader.holding("m:1").cells).isEqualTo(truth.cells);
            assertThat(client.reader.images).isEqualTo(1);
        }
    }

    @Test
    void compressesForWhoOffersTo() throws Exception {
        start();
        for (int i = 0; i < 40; i++) {
            tell(truth.patch(Map.of("totals:" + i + ".5/over", "1." + (i + 1))));
        }
        try (RawClient client =
                RawClient.to(port(), "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")) {
            assertThat(client.answer)
                    .anyMatch(line -> line.toLowerCase(java.util.Locale.ROOT)
                            .equals("sec-websocket-extensions: permessage-deflate; server_no_context_takeover;"
                                    + " client_no_context_takeover"));
            byte[] deflated = deflate(LIVE);
            client.frame(0xc1, deflated);
            client.readUntil("ready", () -> client.reader.ready.contains(1L));
            assertThat(client.reader.compressed).isPositive();
            assertThat(client.reader.holding("m:1").cells).isEqualTo(truth.cells);
        }
    }

    private static byte[] deflate(String text) {
        byte[] whole = Message.deflate(text.getBytes(UTF_8));
        return java.util.Arrays.copyOf(whole, whole.length - 4);
    }

    @Test
    void resumesByAPatchWhereOneStood() throws Exception {
        start();
        String at = truth.position.toString();
        tell(truth.patch(Map.of("h2h/home", "2.3")));
        tell(truth.patch(Map.of("btts/yes", "1.9")));
        try (RawClient client = RawClient.to(port())) {
            TreeMap<String, String> before = new TreeMap<>(truth.cells);
            before.remove("btts/yes");
            before.put("h2h/home", "2.1");
            client.reader.held.put("m:1", new Reader.Holding(touchline.update.Position.parse(at), before));
            client.say("{\"op\":\"sub\",\"id\":1,\"select\":{\"phase\":\"live\"},\"have\":{\"m:1\":[\"" + at + "\"]}}");
            client.readUntil("ready", () -> client.reader.ready.contains(1L));
            assertThat(client.reader.holding("m:1").cells).isEqualTo(truth.cells);
            assertThat(client.reader.images).isZero();
            assertThat(client.reader.patches).isEqualTo(1);
        }
    }

    @Test
    void serverSentEventsSayTheSame() throws Exception {
        start();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/v1/stream"))
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString("[" + LIVE + "]"))
                .build();
        read(request);
        read(HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port() + "/v1/stream?sub=" + URLEncoder.encode(LIVE, UTF_8)))
                .header("Accept", "text/event-stream")
                .build());
    }

    private void read(HttpRequest request) throws Exception {
        HttpResponse<java.io.InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        Reader reader = new Reader();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
            boolean told = false;
            while (!told || !reader.isAt("m:1", truth.position)) {
                String line = lines.readLine();
                if (line.startsWith("data: ")) {
                    reader.text(line.substring("data: ".length()).getBytes(UTF_8));
                }
                if (!told && reader.ready.contains(1L)) {
                    told = true;
                    tell(truth.patch(Map.of("h2h/home", "3." + (1 + truth.position.version()))));
                }
            }
            assertThat(told).isTrue();
            assertThat(reader.holding("m:1").cells).isEqualTo(truth.cells);
        }
    }

    @Test
    void answersAMatchWithItsPositionAsTag() throws Exception {
        start();
        HttpResponse<String> one = get("/v1/matches/m:1");
        assertThat(one.statusCode()).isEqualTo(200);
        assertThat(one.headers().firstValue("etag")).hasValue("\"" + truth.position + "\"");
        assertThat(one.headers().firstValue("vary")).hasValue("Authorization");
        Reader reader = new Reader();
        reader.text(one.body().getBytes(UTF_8));
        assertThat(reader.holding("m:1").cells).isEqualTo(truth.cells);

        assertThat(get("/v1/matches/m:1", "If-None-Match", "\"" + truth.position + "\"")
                        .statusCode())
                .isEqualTo(304);
        tell(truth.patch(Map.of("h2h/home", "2.4")));
        assertThat(get("/v1/matches/m:1", "If-None-Match", "\"1.1000-1\"").statusCode())
                .isEqualTo(200);

        board.beat(0, System.currentTimeMillis() - 10_000, 1);
        HttpResponse<String> late = get("/v1/matches/m:1", "If-None-Match", "\"" + truth.position + "\"");
        assertThat(late.statusCode()).isEqualTo(200);
        assertThat(late.body()).endsWith(",\"late\":true}");
        assertThat(late.headers().firstValue("etag")).isEmpty();
        assertThat(get("/v1/matches").body()).contains(",\"late\":true}]");
        beat();
        assertThat(get("/v1/matches").body()).contains(",\"late\":false}]");

        assertThat(get("/v1/matches/m:2").statusCode()).isEqualTo(404);
        tell(truth.whole(MarketUpdate.Kind.END));
        HttpResponse<String> ended = get("/v1/matches/m:1");
        assertThat(ended.statusCode()).isEqualTo(410);
        assertThat(ended.body()).contains("\"why\":\"ended\"");
    }

    @Test
    void answersMatchesBySelection() throws Exception {
        start();
        Truth other = new Truth("m:2", 1, 2_000);
        tell(other.begin("upcoming", "laliga"));
        assertThat(matches("/v1/matches")).isEqualTo(2);
        assertThat(matches("/v1/matches?phase=live")).isEqualTo(1);
        assertThat(matches("/v1/matches?league=laliga")).isEqualTo(1);
        assertThat(matches("/v1/matches?match=m:1&match=m:2&match=m:3")).isEqualTo(2);
        HttpResponse<String> wrong = get("/v1/matches?phase=soon");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("select.phase=\\\"soon\\\": must be \\\"live\\\" or \\\"upcoming\\\"");
    }

    private int matches(String path) throws Exception {
        JsonNode answer = Command.MAPPER.readTree(get(path).body());
        return answer.path("matches").size();
    }

    @Test
    void servesThePage() throws Exception {
        start();
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(get("/match/odds.api:1").body()).isEqualTo(page.body());
        assertThat(get("/src/store.js").headers().firstValue("content-type"))
                .hasValue("text/javascript; charset=utf-8");
        assertThat(get("/src/nothing.js").statusCode()).isEqualTo(404);
        for (String path : Set.of(
                "/src/%2e%2e/%2e%2e/touchline/relay/Relay.class",
                "/src//store.js", "/..%2f..%2fetc.js", "/src/.hidden.js")) {
            assertThat(get(path).body()).as(path).doesNotContain("Store").doesNotContain("root:");
        }
    }

    @Test
    void keepsAStrangeSiteOut() throws Exception {
        start("relay.origins", "https://good.example");
        assertThat(get("/v1/matches", "Origin", "https://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(get("/v1/matches", "Origin", "https://good.example")
                        .headers()
                        .firstValue("access-control-allow-origin"))
                .hasValue("https://good.example");
        assertThat(get("/v1/matches", "Origin", "http://127.0.0.1:" + port()).statusCode())
                .isEqualTo(200);
        try (RawClient client = RawClient.to(port(), "Origin: https://evil.example")) {
            assertThat(client.status()).isEqualTo(403);
        }
        // A name of a strange site's own that points to this machine.
        String rebound = "evil.example:" + port();
        try (RawClient client = RawClient.to(port(), "Host: " + rebound, "Origin: http://" + rebound)) {
            assertThat(client.status()).isEqualTo(403);
        }
    }

    @Test
    void refusesABadSubscriptionAndGoesOn() throws Exception {
        start();
        try (RawClient client = RawClient.to(port())) {
            client.say("[{\"op\":\"sub\",\"id\":7,\"select\":{\"phase\":\"soon\"}}," + LIVE + "]");
            client.readUntil("an error", () -> !client.reader.errors.isEmpty());
            JsonNode error = client.reader.errors.get(0);
            assertThat(error.path("id").asInt()).isEqualTo(7);
            assertThat(error.path("code").asInt()).isEqualTo(4400);
            assertThat(error.path("reason").asText())
                    .isEqualTo("select.phase=\"soon\": must be \"live\" or \"upcoming\"");
            client.readUntil("the other is ready", () -> client.reader.ready.contains(1L));
        }
    }

    @Test
    void endsWhatIsNoConversation() throws Exception {
        start("relay.messageBytes", "2048", "relay.messagesPerSecond", "5");
        assertThat(ended("{\"op\":\"sub\",")).isEqualTo(CloseCode.MALFORMED);
        assertThat(ended("[1]")).isEqualTo(CloseCode.MALFORMED);
        assertThat(ended("{\"op\":\"dance\"}")).isEqualTo(CloseCode.MALFORMED);
        assertThat(ended("{\"op\":\"sub\",\"id\":\"x\"}")).isEqualTo(CloseCode.MALFORMED);
        assertThat(ended("[".repeat(1000))).isEqualTo(CloseCode.MALFORMED);
        assertThat(ended("\"" + "x".repeat(5_000) + "\"")).isEqualTo(CloseCode.TOO_LARGE);
        try (RawClient client = RawClient.to(port())) {
            for (int i = 0; i < 30; i++) {
                client.say("{\"op\":\"ping\"}");
            }
            assertThat(client.readToEnd()).isEqualTo(CloseCode.TOO_MANY.code());
        }
        try (RawClient client = RawClient.to(port())) {
            client.frame(0x82, new byte[] {1, 2, 3});
            assertThat(client.readToEnd()).isEqualTo(CloseCode.MALFORMED.code());
        }
    }

    private CloseCode ended(String message) throws IOException {
        try (RawClient client = RawClient.to(port())) {
            client.say(message);
            int code = client.readToEnd();
            assertThat(client.reader.errors).isNotEmpty();
            assertThat(client.reader.errors.get(0).path("code").asInt()).isEqualTo(code);
            for (CloseCode each : CloseCode.values()) {
                if (each.code() == code) {
                    return each;
                }
            }
            throw new AssertionError("unknown code " + code);
        }
    }

    @Test
    void oneWhoDoesNotReadCostsTheOthersNothingAndIsClosed() throws Exception {
        start("relay.slowMs", "1000");
        for (int i = 0; i < 200; i++) {
            tell(truth.patch(Map.of("totals:" + i + ".5/over", "1." + (i + 1))));
        }
        try (RawClient slow = RawClient.to(port());
                RawClient quick = RawClient.to(port())) {
            slow.say(LIVE);
            quick.say(LIVE);
            quick.readUntil("ready", () -> quick.reader.ready.contains(1L));
            while (counters.slow.sum() == 0) {
                for (int i = 0; i < 200; i++) {
                    tell(truth.patch(Map.of("totals:" + i + ".5/over", "2." + (1 + truth.position.version()))));
                }
                beat();
                quick.readUntil("the last of it", () -> quick.reader.isAt("m:1", truth.position));
            }
            assertThat(quick.reader.holding("m:1").cells).isEqualTo(truth.cells);
            assertThat(quick.reader.errors).isEmpty();
        }
    }

    @Test
    void whoReadsLateGetsOnePatchAndNoHistory() throws Exception {
        start("relay.slowMs", "60000");
        for (int i = 0; i < 200; i++) {
            tell(truth.patch(Map.of("totals:" + i + ".5/over", "1." + (i + 1))));
        }
        try (RawClient client = RawClient.to(port())) {
            client.say(LIVE);
            client.readUntil("ready", () -> client.reader.ready.contains(1L));
            while (counters.fellBehind.sum() == 0) {
                for (int i = 0; i < 200; i++) {
                    tell(truth.patch(Map.of("totals:" + i + ".5/over", "2." + (1 + truth.position.version()))));
                }
            }
            long delivered = counters.deliveries.sum();
            for (int i = 0; i < 1_000; i++) {
                tell(truth.patch(Map.of("h2h/home", "3." + (1 + truth.position.version()))));
            }
            // Nothing is put on the way for one who does not read: what is owed stays one entry, whatever happens.
            assertThat(counters.deliveries.sum() - delivered).isLessThan(100);
            client.readUntil("the last of it", () -> client.reader.isAt("m:1", truth.position));
            assertThat(client.reader.holding("m:1").cells).isEqualTo(truth.cells);
        }
    }

    @Test
    void sendsItsClientsAwayWithAHint() throws Exception {
        start("relay.drainMs", "200");
        try (RawClient client = RawClient.to(port());
                RawClient idle = RawClient.to(port())) {
            client.say(LIVE);
            client.readUntil("ready", () -> client.reader.ready.contains(1L));
            server().drain();
            assertThat(client.readToEnd()).isEqualTo(CloseCode.DRAINING.code());
            assertThat(client.reader.errors.get(0).path("reconnect").asBoolean())
                    .isTrue();
            assertThat(client.reader.errors.get(0).path("after").asInt()).isEqualTo(200);
            assertThat(idle.readToEnd()).isEqualTo(CloseCode.DRAINING.code());
        }
        int port = port();
        assertThatThrownBy(() -> RawClient.to(port)).isInstanceOf(IOException.class);
    }

    @Test
    void letsNobodyInBeforeEveryMatchIsKnown() throws Exception {
        start();
        ready = false;
        try (RawClient client = RawClient.to(port())) {
            assertThat(client.status()).isEqualTo(503);
            assertThat(client.answer).anyMatch(line -> line.equalsIgnoreCase("Retry-After: 1"));
        }
        ready = true;
        try (RawClient client = RawClient.to(port())) {
            assertThat(client.status()).isEqualTo(101);
        }
    }

    @Test
    void limitsConnectionsOfOneAddress() throws Exception {
        start("relay.connectionsPerAddress", "2");
        try (RawClient one = RawClient.to(port());
                RawClient two = RawClient.to(port())) {
            assertThat(one.status()).isEqualTo(101);
            assertThat(two.status()).isEqualTo(101);
            assertThatThrownBy(() -> {
                        try (RawClient three = RawClient.to(port())) {
                            assertThat(three.status()).isEqualTo(101);
                        }
                    })
                    .isInstanceOfAny(IOException.class, AssertionError.class);
        }
        assertThat(counters.refused.sum()).isPositive();
    }

    @Test
    void limitsHandshakes() throws Exception {
        start("relay.handshakesPerSecond", "3");
        boolean refused = false;
        for (int i = 0; i < 50 && !refused; i++) {
            try (RawClient client = RawClient.to(port())) {
                refused = client.status() == 429;
            }
        }
        assertThat(refused).isTrue();
        assertThat(get("/v1/matches").statusCode()).isEqualTo(429);
        assertThat(get("/v1/matches/m:1").statusCode()).isEqualTo(200);
    }

    @Test
    void believesATokenForItsTime() throws Exception {
        long[] expires = {System.currentTimeMillis() + 60_000};
        start(token -> {
            if (!"good".equals(token)) {
                throw new Gate.Denied("not known here");
            }
            return new Grant("ann", expires[0], java.util.List.of(new Select.League("epl")), Set.of("h2h"));
        });
        tell(truth.patch(Map.of("btts/yes", "1.9")));
        Truth other = new Truth("m:2", 1, 2_000);
        tell(other.begin("live", "laliga"));
        try (RawClient client = RawClient.to(port())) {
            assertThat(client.status()).isEqualTo(401);
        }
        beat();
        assertThat(get("/v1/matches/m:1", "Authorization", "Bearer good")
                        .headers()
                        .firstValue("etag"))
                .hasValue("\"" + truth.position + ";h2h\"");
        expires[0] = System.currentTimeMillis() + 3_000;
        try (RawClient client = RawClient.to(port(), "Sec-WebSocket-Protocol: touchline.v1, bearer.good")) {
            assertThat(client.status()).isEqualTo(101);
            client.say("{\"op\":\"sub\",\"id\":1,\"select\":{\"all\":true}}");
            client.readUntil("ready", () -> client.reader.ready.contains(1L));
            assertThat(client.reader.held).containsOnlyKeys("m:1");
            assertThat(client.reader.holding("m:1").cells.keySet())
                    .contains("h2h/home", "match/home")
                    .doesNotContain("btts/yes");
            client.say("{\"op\":\"sub\",\"id\":2,\"select\":{\"league\":\"laliga\"}}");
            client.readUntil("refused", () -> !client.reader.errors.isEmpty());
            assertThat(client.reader.errors.get(0).path("code").asInt()).isEqualTo(CloseCode.FORBIDDEN.code());
            assertThat(client.readToEnd()).isEqualTo(CloseCode.EXPIRED.code());
        }
        expires[0] = System.currentTimeMillis() + 3_000;
        try (RawClient client = RawClient.to(port(), "Authorization: Bearer good")) {
            expires[0] = System.currentTimeMillis() + 60_000;
            client.say("{\"op\":\"auth\",\"token\":\"good\"}");
            client.say(LIVE);
            client.readUntil("ready", () -> client.reader.ready.contains(1L));
            client.say("{\"op\":\"auth\",\"token\":\"bad\"}");
            assertThat(client.readToEnd()).isEqualTo(CloseCode.UNAUTHORIZED.code());
        }
    }

    @Test
    void speaksTls() throws Exception {
        Certificates certificates = Certificates.make();
        start(
                "relay.tlsCertificate",
                certificates.certificate().toString(),
                "relay.tlsKey",
                certificates.key().toString());
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        try (RawClient client = new RawClient(trusting.getSocketFactory().createSocket("127.0.0.1", port()))) {
            client.say(LIVE);
            client.readUntil("ready", () -> client.reader.ready.contains(1L));
            tell(truth.patch(Map.of("h2h/home", "2.4")));
            client.readUntil("the change", () -> client.reader.isAt("m:1", truth.position));
        }
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
