package touchline.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for The Odds API v4 over real HTTP on 127.0.0.1: its paths, parameters, shapes, quota headers, costs and
 * error bodies, with an {@link OddsFeed} behind it. It can be told to fail, here or with {@code POST /sandbox/fault}
 * ({@code ?status=429&times=3}), {@code POST /sandbox/heal}, and lists what it was asked at {@code GET /sandbox/calls}.
 * Participants and the historical endpoints are not there.
 */
public final class OddsApiServer implements AutoCloseable {

    private static final int CALLS_KEPT = 10_000;
    private static final int HUGE_BYTES = 10_000_000;

    private final HttpServer http;
    private final ExecutorService threads;
    private final OddsEndpoints endpoints;
    private final OddsTerms terms;
    private final LongSupplier clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Deque<OddsFault> faults = new ArrayDeque<>();
    private final Deque<Call> calls = new ArrayDeque<>();
    private final Deque<Long> lastSecond = new ArrayDeque<>();
    private long creditsUsed;
    private long creditsLeft;

    private OddsApiServer(int port, OddsFeed feed, OddsTerms terms, LongSupplier clock) {
        this.endpoints = new OddsEndpoints(feed, clock);
        this.terms = terms;
        this.clock = clock;
        this.creditsLeft = terms.credits();
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        } catch (IOException e) {
            throw new UncheckedIOException("the odds API's stand-in cannot listen on port " + port, e);
        }
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "odds-api");
            thread.setDaemon(true);
            return thread;
        });
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** @param port 0 for a free one */
    public static OddsApiServer start(int port, OddsFeed feed) {
        return start(port, feed, OddsTerms.DEFAULT, System::currentTimeMillis);
    }

    /** @param clock ms UTC; also what decides which events are in play */
    public static OddsApiServer start(int port, OddsFeed feed, OddsTerms terms, LongSupplier clock) {
        return new OddsApiServer(port, feed, terms, clock);
    }

    public int port() {
        return http.getAddress().getPort();
    }

    /** To be followed by {@code /v4/...}. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public String apiKey() {
        return terms.apiKey();
    }

    /** The next answers that it applies to fail so; several faults wait in line. */
    public synchronized void fault(OddsFault fault) {
        faults.add(fault);
    }

    /** Drops all faults that are left. */
    public synchronized void heal() {
        faults.clear();
    }

    /** From now on as if so many of the month's credits were left. */
    public synchronized void creditsLeft(long credits) {
        creditsLeft = credits;
    }

    public synchronized long creditsLeft() {
        return creditsLeft;
    }

    public synchronized long creditsUsed() {
        return creditsUsed;
    }

    /** The last 10,000 calls that were answered, oldest first. */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        closed.countDown();
        http.stop(0);
        threads.shutdownNow();
    }

    /** A call that was answered; the key is not in {@code query}. */
    public record Call(long at, String path, Map<String, String> query, int status, int credits) {}

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            Map<String, String> query = OddsQuery.parse(exchange.getRequestURI().getRawQuery());
            if (path.startsWith("/sandbox/")) {
                control(exchange, path, query);
            } else {
                answer(exchange, path, query);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, String path, Map<String, String> query)
            throws IOException, InterruptedException {
        OddsFault fault = nextFault(path);
        OddsFault.Kind kind = fault == null ? null : fault.kind();
        if (kind == OddsFault.Kind.HANG) {
            closed.await();
            return;
        }
        if (fault != null && kind == OddsFault.Kind.SLOW && closed.await(fault.delayMs(), TimeUnit.MILLISECONDS)) {
            return;
        }
        int status = 200;
        int cost = 0;
        byte[] body;
        try {
            if (fault != null && kind == OddsFault.Kind.STATUS) {
                throw OddsProblem.usual(fault.status(), fault.code());
            }
            admit(query, endpoints.isFree(path));
            OddsEndpoints.Answer answer = endpoints.answer(path, query, kind == OddsFault.Kind.EMPTY_BOOKMAKERS);
            body = answer.body;
            cost = answer.credits;
        } catch (OddsProblem problem) {
            status = problem.status();
            body = problem.body();
        }
        if (kind == OddsFault.Kind.GARBAGE) {
            body = "<html><body>\u0000\u0001 not what you asked for [{\"id\":".getBytes(UTF_8);
        } else if (kind == OddsFault.Kind.HUGE) {
            body = ("[{\"id\":\"" + "f".repeat(32) + "\",\"sport_title\":\"" + "x".repeat(HUGE_BYTES) + "\"}]")
                    .getBytes(UTF_8);
        }
        account(path, query, status, cost);
        quotaHeaders(exchange, cost);
        send(exchange, status, body, kind == OddsFault.Kind.HALF);
    }

    private synchronized @Nullable OddsFault nextFault(String path) {
        for (OddsFault fault : new ArrayList<>(faults)) {
            if (path.contains(fault.path())) {
                faults.remove(fault);
                if (fault.times() != 1) {
                    faults.addFirst(fault.left());
                }
                return fault;
            }
        }
        return null;
    }

    /** Key, then frequency, then quota: the order in which the vendor looks. */
    private synchronized void admit(Map<String, String> query, boolean free) throws OddsProblem {
        String key = query.getOrDefault("apiKey", "");
        if (key.isEmpty()) {
            throw new OddsProblem(401, "MISSING_KEY", "API key is missing");
        }
        if (!key.equals(terms.apiKey())) {
            throw OddsProblem.usual(401, "INVALID_KEY");
        }
        long now = clock.getAsLong();
        while (!lastSecond.isEmpty() && lastSecond.getFirst() <= now - 1_000) {
            lastSecond.removeFirst();
        }
        if (lastSecond.size() >= terms.callsPerSecond()) {
            throw OddsProblem.usual(429, "EXCEEDED_FREQ_LIMIT");
        }
        lastSecond.addLast(now);
        if (!free && creditsLeft <= 0) {
            throw OddsProblem.usual(401, "OUT_OF_USAGE_CREDITS");
        }
    }

    private synchronized void account(String path, Map<String, String> query, int status, int cost) {
        creditsUsed += cost;
        creditsLeft = Math.max(0, creditsLeft - cost);
        Map<String, String> shown = new LinkedHashMap<>(query);
        shown.remove("apiKey");
        calls.addLast(new Call(clock.getAsLong(), path, Map.copyOf(shown), status, cost));
        if (calls.size() > CALLS_KEPT) {
            calls.removeFirst();
        }
    }

    private synchronized void quotaHeaders(HttpExchange exchange, int cost) {
        exchange.getResponseHeaders().set("x-requests-remaining", Long.toString(creditsLeft));
        exchange.getResponseHeaders().set("x-requests-used", Long.toString(creditsUsed));
        exchange.getResponseHeaders().set("x-requests-last", Integer.toString(cost));
    }

    private static void send(HttpExchange exchange, int status, byte[] body, boolean half) throws IOException {
        byte[] bytes = body;
        String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
        if (accepted != null && accepted.contains("gzip")) {
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
                gzip.write(body);
            }
            bytes = zipped.toByteArray();
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        OutputStream out = exchange.getResponseBody();
        out.write(bytes, 0, half ? bytes.length / 2 : bytes.length);
        out.flush();
    }

    private void control(HttpExchange exchange, String path, Map<String, String> query) throws IOException {
        int status = 200;
        byte[] body = "{}".getBytes(UTF_8);
        boolean post = exchange.getRequestMethod().equals("POST");
        if (post && path.equals("/sandbox/fault")) {
            try {
                fault(OddsFault.of(query));
            } catch (IllegalArgumentException e) {
                status = 400;
                body = OddsJson.any(Map.of("message", String.valueOf(e.getMessage())));
            }
        } else if (post && path.equals("/sandbox/heal")) {
            heal();
        } else if (!post && path.equals("/sandbox/calls")) {
            body = OddsJson.any(calls());
        } else {
            status = 404;
        }
        send(exchange, status, body, false);
    }
}
