package touchline.demo.desk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator page: its files, the operators' matches ({@code GET /matches}) and their orders ({@code POST /orders}). Anybody
 * on this machine may write, so it is bound to loopback and answers only to its own name: a page of another site can
 * neither read it (DNS rebinding) nor order anything (cross-site posts). For the demo; there is no login.
 */
public final class DeskServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeskServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 16_384;
    private static final Set<String> OWN = Set.of("operator.html", "operator.js", "operator.css");
    private static final Pattern SHARED = Pattern.compile("/(page|src)/[a-z0-9-]+\\.(js|css|svg)");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json");

    private final HttpServer http;
    private final ExecutorService threads;
    private final Desk desk;
    private final Path client;
    private volatile String page = "";

    private DeskServer(HttpServer http, Desk desk, Path client) {
        this.http = http;
        this.desk = desk;
        this.client = client;
        this.threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "operator-page");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * @param port 0 for a free one
     * @param jdbcUrl of the operators' database
     * @param user a role that may write there, as {@code touchline_operator}
     * @param client the directory whose {@code page} and {@code src} the operator page shares with the page
     */
    public static DeskServer start(int port, String jdbcUrl, String user, Path client) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            DeskServer server = new DeskServer(http, new Desk(jdbcUrl, user), client);
            http.setExecutor(server.threads);
            http.createContext("/", server::answer);
            http.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the operator page cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return http.getAddress().getPort();
    }

    public String url() {
        return origin() + "/";
    }

    /** What a browser calls this server. */
    public String origin() {
        return "http://127.0.0.1:" + port();
    }

    /** The operator page leads there, and listens there how long an order takes to be seen. */
    public void showPage(String address) {
        page = address;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isOwnName(exchange.getRequestHeaders())) {
                send(
                        exchange,
                        403,
                        "json",
                        refusal(new Refusal("", "This address is not the operator page's.", "Open " + url())));
                return;
            }
            String path = exchange.getRequestURI().getPath();
            switch (exchange.getRequestMethod() + " " + path) {
                case "GET /matches" -> matches(exchange);
                case "POST /orders" -> order(exchange);
                default -> file(exchange, path);
            }
        } catch (RuntimeException e) {
            log.warn("event=operator_page_failed uri={}", exchange.getRequestURI(), e);
            throw e;
        }
    }

    /** A browser that was led here by another name sends that name. */
    private boolean isOwnName(Headers headers) {
        List<String> hosts = headers.getOrDefault("Host", List.of());
        return hosts.size() == 1 && names().contains(hosts.get(0));
    }

    private Set<String> names() {
        return Set.of("127.0.0.1:" + port(), "localhost:" + port());
    }

    private boolean isOwnPage(Headers headers) {
        String origin = headers.getFirst("Origin");
        String type = headers.getFirst("Content-Type");
        return origin != null
                && origin.equals("http://" + headers.getFirst("Host"))
                && type != null
                && type.startsWith("application/json");
    }

    private void matches(HttpExchange exchange) throws IOException {
        try {
            String matches = desk.matches();
            send(
                    exchange,
                    200,
                    "json",
                    bytes("{\"page\":" + JSON.writeValueAsString(page) + ",\"matches\":" + matches + "}"));
        } catch (SQLException e) {
            send(exchange, 503, "json", refusal(Refusal.of(e)));
        }
    }

    private void order(HttpExchange exchange) throws IOException {
        if (!isOwnPage(exchange.getRequestHeaders())) {
            send(
                    exchange,
                    403,
                    "json",
                    refusal(new Refusal("", "Orders come from the operator page only.", "Open " + url())));
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            send(exchange, 413, "json", refusal(new Refusal("", "The order is too long.", "Shorten it.")));
            return;
        }
        long from = System.nanoTime();
        try {
            Order order = Order.of(JSON.readTree(body));
            String match = desk.carryOut(order);
            ObjectNode done = JSON.createObjectNode();
            done.put("match", match);
            done.put("tookMs", (System.nanoTime() - from) / 1e6);
            log.info("event=operator_order order={} match={}", order.getClass().getSimpleName(), match);
            send(exchange, 200, "json", JSON.writeValueAsBytes(done));
        } catch (JsonProcessingException e) {
            send(exchange, 400, "json", refusal(new Refusal("", "The order is not JSON.", "")));
        } catch (Order.Malformed e) {
            send(exchange, 422, "json", refusal(e.refusal()));
        } catch (SQLException e) {
            send(exchange, Refusal.isOrders(e) ? 422 : 503, "json", refusal(Refusal.of(e)));
        }
    }

    private void file(HttpExchange exchange, String path) throws IOException {
        String name = path.equals("/") ? "operator.html" : path.substring(1);
        byte[] found = null;
        if (exchange.getRequestMethod().equals("GET")) {
            found = OWN.contains(name) ? own(name) : SHARED.matcher(path).matches() ? shared(name) : null;
        }
        if (found == null) {
            send(exchange, 404, "json", refusal(new Refusal("", "There is nothing here.", "Open " + url())));
        } else {
            send(exchange, 200, name.substring(name.lastIndexOf('.') + 1), found);
        }
    }

    private static byte @Nullable [] own(String name) throws IOException {
        try (InputStream in = DeskServer.class.getResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        }
    }

    private byte @Nullable [] shared(String name) throws IOException {
        Path file = client.resolve(name);
        return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
    }

    private static byte[] refusal(Refusal refusal) throws IOException {
        return JSON.writeValueAsBytes(refusal);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, String kind, byte[] body) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", TYPES.getOrDefault(kind, "application/octet-stream"));
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set(
                "Content-Security-Policy",
                "default-src 'self'; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; frame-ancestors 'none'; base-uri 'none'");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
        desk.close();
    }
}
