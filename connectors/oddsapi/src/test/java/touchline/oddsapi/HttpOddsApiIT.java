package touchline.oddsapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.oddsapi.OddsApi.Answer;
import touchline.oddsapi.OddsApi.Credits;
import touchline.oddsapi.OddsApi.Outcome;
import touchline.oddsapi.OddsApiSplit.Group;
import touchline.sandbox.FakeOddsFeed;
import touchline.sandbox.OddsApiServer;
import touchline.sandbox.OddsFault;
import touchline.sandbox.OddsTerms;

class HttpOddsApiIT {

    /** With characters that a URL must escape. */
    private static final String KEY = "s3cret+key/9f8e7d";

    private static final String ESCAPED = "s3cret%2Bkey%2F9f8e7d";

    @TempDir
    private Path directory;

    private final FakeOddsFeed feed = new FakeOddsFeed();
    private final OddsApiServer vendor =
            OddsApiServer.start(0, feed, new OddsTerms(KEY, 500, 1_000), System::currentTimeMillis);
    private final List<AutoCloseable> open = new ArrayList<>(List.of(vendor));

    @BeforeEach
    void list() {
        feed.odds("soccer_epl", "[" + FakeOddsApi.event("a".repeat(32), "2026-06-20T19:00:00Z", "2") + "]");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void asksForWhatIsConfiguredAndReadsWhatIsLeft() throws IOException {
        OddsApi api = api(vendor.url(), Map.of("regions", "eu,us", "markets", "h2h,totals", "daysFrom", "2"));

        Answer odds = api.odds("soccer_epl");
        Answer scores = api.scores("soccer_epl");
        Answer sports = api.sports();

        assertThat(odds.outcome()).isEqualTo(Outcome.OK);
        assertThat(odds.body()).contains("\"Bears\"");
        assertThat(odds.credits()).isEqualTo(new Credits(496, 4, 4));
        assertThat(scores.credits()).isEqualTo(new Credits(494, 6, 2));
        assertThat(sports.credits()).isEqualTo(new Credits(494, 6, 0));
        assertThat(vendor.calls())
                .extracting(OddsApiServer.Call::path)
                .containsExactly("/v4/sports/soccer_epl/odds", "/v4/sports/soccer_epl/scores", "/v4/sports");
        assertThat(vendor.calls().get(0).query())
                .isEqualTo(Map.of(
                        "regions", "eu,us", "markets", "h2h,totals", "oddsFormat", "decimal", "dateFormat", "iso"));
        assertThat(vendor.calls().get(1).query()).isEqualTo(Map.of("daysFrom", "2", "dateFormat", "iso"));
    }

    @Test
    void asksForBookmakersInsteadOfRegions() throws IOException {
        api(vendor.url(), Map.of("bookmakers", "pinnacle,fanduel")).odds("soccer_epl");

        assertThat(vendor.calls().get(0).query())
                .containsEntry("bookmakers", "pinnacle,fanduel")
                .doesNotContainKey("regions");
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "401, INVALID_KEY, BAD_KEY",
        "401, MISSING_KEY, BAD_KEY",
        "401, DEACTIVATED_KEY, BAD_KEY",
        "401, OUT_OF_USAGE_CREDITS, OUT_OF_CREDITS",
        "422, INVALID_MARKET, BAD_REQUEST",
        "422, INVALID_REGION, BAD_REQUEST",
        "404, UNKNOWN_SPORT, BAD_REQUEST",
        "429, EXCEEDED_FREQ_LIMIT, BUSY",
        "500, '', FAILED",
        "503, '', FAILED",
    })
    void tellsHowACallEnded(int status, String code, Outcome outcome) throws IOException {
        vendor.fault(OddsFault.status(status, code, 1));

        Answer answer = api(vendor.url(), Map.of()).odds("soccer_epl");

        assertThat(answer.outcome()).isEqualTo(outcome);
        assertThat(answer.detail()).contains("status=" + status).contains(code);
    }

    @Test
    void tellsAWrongKeyFromSpentCreditsByTheVendorsOwnWord() throws IOException {
        OddsApi api = api(vendor.url(), Map.of());
        vendor.creditsLeft(0);
        assertThat(api.odds("soccer_epl").outcome()).isEqualTo(Outcome.OUT_OF_CREDITS);
        assertThat(api.sports().outcome()).isEqualTo(Outcome.OK);

        key("another");
        assertThat(api.odds("soccer_epl").outcome()).isEqualTo(Outcome.BAD_KEY);
        key(KEY);
        vendor.creditsLeft(10);
        assertThat(api.odds("soccer_epl").outcome())
                .as("a key that was put right")
                .isEqualTo(Outcome.OK);
    }

    @Test
    void takesAKeyThatCannotBeReadAsABadOne() throws IOException {
        OddsApi api = api(vendor.url(), Map.of());
        Files.delete(directory.resolve("key"));

        Answer answer = api.odds("soccer_epl");

        assertThat(answer.outcome()).isEqualTo(Outcome.BAD_KEY);
        assertThat(answer.detail()).contains("cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        "HALF, 60000, FAILED",
        "HUGE, 60000, TOO_LARGE",
        "GARBAGE, 60000, OK",
        "HANG, 300, FAILED",
        "SLOW, 300, FAILED"
    })
    void survivesWhatTheWireDoes(OddsFault.Kind kind, String timeoutMs, Outcome outcome) throws IOException {
        OddsApi api = api(vendor.url(), Map.of("timeoutMs", timeoutMs, "maxBodyBytes", "100000"));
        vendor.fault(new OddsFault(kind, 0, "", 60_000, 1, ""));

        Answer answer = api.odds("soccer_epl");

        assertThat(answer.outcome()).isEqualTo(outcome);
        assertThat(answer.body().length()).isLessThan(5_000);
    }

    @Test
    void takesTenMegabytesWhereTheyAreAllowed() throws IOException {
        vendor.fault(OddsFault.of(OddsFault.Kind.HUGE, 1));

        assertThat(api(vendor.url(), Map.of("timeoutMs", "60000"))
                        .odds("soccer_epl")
                        .body())
                .hasSizeGreaterThan(10_000_000);
    }

    @Test
    void breaksOffABodyThatNeverEnds() throws IOException {
        String url = scripted((query, out) -> {
            byte[] part = "[".repeat(10_000).getBytes(UTF_8);
            while (true) {
                out.write(part);
            }
        });

        Answer answer =
                api(url, Map.of("timeoutMs", "60000", "maxBodyBytes", "50000")).odds("soccer_epl");

        assertThat(answer.outcome()).isEqualTo(Outcome.TOO_LARGE);
        assertThat(answer.detail()).contains("more than 50000");
    }

    @Test
    void givesUpOnABodyThatTrickles() throws IOException {
        CountDownLatch closed = new CountDownLatch(1);
        open.add(0, closed::countDown);
        String url = scripted((query, out) -> {
            out.write('[');
            out.flush();
            awaitQuietly(closed);
        });

        Answer answer = api(url, Map.of("timeoutMs", "300")).odds("soccer_epl");

        assertThat(answer.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(answer.detail()).contains("300 ms");
    }

    @Test
    void fallsForNoGzipBomb() throws IOException {
        String url = scripted(
                (query, out) -> {
                    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
                    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
                        gzip.write(new byte[5_000_000]);
                    }
                    out.write(bomb.toByteArray());
                },
                200,
                Map.of("Content-Encoding", "gzip"));

        assertThat(api(url, Map.of("maxBodyBytes", "50000")).odds("soccer_epl").outcome())
                .isEqualTo(Outcome.TOO_LARGE);
    }

    @Test
    void readsRetryAfter() throws IOException {
        String url = scripted((query, out) -> out.write('x'), 429, Map.of("Retry-After", "7"));

        Answer answer = api(url, Map.of()).odds("soccer_epl");

        assertThat(answer.outcome()).isEqualTo(Outcome.BUSY);
        assertThat(answer.retryAfterMs()).isEqualTo(7_000);
    }

    @Test
    void followsNoRedirectWhichWouldCarryTheKey() throws IOException {
        String url = scripted(
                (query, out) -> out.write('x'), 302, Map.of("Location", vendor.url() + "/v4/sports?apiKey=" + KEY));

        assertThat(api(url, Map.of()).odds("soccer_epl").outcome()).isEqualTo(Outcome.FAILED);
        assertThat(vendor.calls()).isEmpty();
    }

    @Test
    void failsWhereNobodyListens() throws IOException {
        vendor.close();

        assertThat(api(vendor.url(), Map.of()).odds("soccer_epl").outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void neverSaysTheKeyWhateverFails() throws IOException {
        StringBuilder said = new StringBuilder();
        Appender appender = new Appender(said);
        Logger root = (Logger) LogManager.getRootLogger();
        appender.start();
        root.addAppender(appender);
        org.apache.logging.log4j.core.Appender console = root.getAppenders().get("console");
        root.removeAppender(console);
        org.apache.logging.log4j.Level level = root.getLevel();
        root.setLevel(org.apache.logging.log4j.Level.DEBUG);
        try {
            Script echo = (query, out) -> out.write(("{\"message\":\"no: " + query + "\"}").getBytes(UTF_8));
            Script long1 = (query, out) -> out.write((query + " ").repeat(400).getBytes(UTF_8));
            for (int status : new int[] {200, 302, 401, 404, 422, 429, 500}) {
                poll(scripted(echo, status, Map.of("Location", "/?" + KEY)), said);
                poll(scripted(long1, status, Map.of()), said);
                poll(scripted(long1, status, Map.of("Content-Encoding", "gzip")), said);
            }
            for (OddsFault.Kind kind : OddsFault.Kind.values()) {
                vendor.fault(new OddsFault(kind, 500, "", 60_000, -1, ""));
                poll(vendor.url(), said);
                vendor.heal();
            }
            vendor.creditsLeft(0);
            poll(vendor.url(), said);
            poll("http://127.0.0.1:1", said);
            poll("http://no-such-host.invalid", said);
        } finally {
            root.setLevel(level);
            root.removeAppender(appender);
            root.addAppender(console);
        }

        assertThat(said.toString())
                .contains("event=oddsapi.poll", "event=oddsapi.account", "FAILED", "NOT_JSON", "***")
                .doesNotContain(KEY, ESCAPED, "s3cret");
    }

    /** Polls odds and scores, and keeps every word that comes of it. */
    private void poll(String url, StringBuilder said) throws IOException {
        OddsApiConfig config = config(url, Map.of("timeoutMs", "200", "maxBodyBytes", "5000", "maxRetries", "0"));
        OddsApi api = new HttpOddsApi(config);
        open.add(0, api);
        said.append(config).append(api);
        for (Group group : Group.values()) {
            Account account = new Account(config, new SplittableRandom(1), System.currentTimeMillis());
            Poller poller = new Poller(
                    new OddsApiSplit(group, "soccer_epl"),
                    api,
                    config,
                    account,
                    System::currentTimeMillis,
                    new SplittableRandom(1));
            said.append(poller.poll()).append(poller.poll()).append(account.standing());
            said.append(api.sports());
        }
    }

    private OddsApi api(String url, Map<String, String> settings) throws IOException {
        OddsApi api = new HttpOddsApi(config(url, settings));
        open.add(0, api);
        return api;
    }

    private OddsApiConfig config(String url, Map<String, String> settings) throws IOException {
        key(KEY);
        Map<String, String> all = new HashMap<>(settings);
        all.put("baseUrl", url);
        all.put("apiKey", "file:" + directory.resolve("key"));
        return Configs.of(all);
    }

    private void key(String key) throws IOException {
        Files.writeString(directory.resolve("key"), key + "\n");
    }

    private interface Script {
        void answer(String query, OutputStream out) throws IOException;
    }

    private String scripted(Script script) throws IOException {
        return scripted(script, 200, Map.of());
    }

    /** A server that answers everything by the script, given the query as it came. */
    private String scripted(Script script, int status, Map<String, String> headers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                URI uri = exchange.getRequestURI();
                headers.forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(status, 0);
                script.answer(uri.getRawQuery() + " " + uri.getQuery(), exchange.getResponseBody());
            }
        });
        server.start();
        open.add(() -> {
            server.stop(0);
            threads.shutdownNow();
        });
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Appender extends AbstractAppender {
        private final StringBuilder said;

        Appender(StringBuilder said) {
            super("said", null, null, false, Property.EMPTY_ARRAY);
            this.said = said;
        }

        @Override
        public void append(LogEvent event) {
            synchronized (said) {
                said.append(event.getMessage().getFormattedMessage()).append(event.getThrown());
            }
        }
    }
}
