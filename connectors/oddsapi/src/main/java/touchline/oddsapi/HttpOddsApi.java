package touchline.oddsapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import touchline.feed.Bounds;

/**
 * The vendor over HTTP. It takes the key in the URL only, so no URL and nothing that the other side says leaves this
 * class before the key is blotted out, and no redirect is followed. The status 401 stands for a bad key and for spent
 * credits; the code in the body tells them apart.
 */
final class HttpOddsApi implements OddsApi {

    private static final JsonMapper JSON = new JsonMapper();

    private final OddsApiConfig config;
    private final ExecutorService executor;
    private final HttpClient client;

    HttpOddsApi(OddsApiConfig config) {
        this.config = config;
        this.executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "oddsapi-http");
            thread.setDaemon(true);
            return thread;
        });
        this.client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofMillis(config.timeoutMs()))
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .executor(executor)
                .build();
    }

    @Override
    public Answer odds(String sport) {
        String books = config.bookmakers().isEmpty()
                ? "regions=" + String.join(",", config.regions())
                : "bookmakers=" + String.join(",", config.bookmakers());
        String markets = String.join(",", config.markets());
        return get("/v4/sports/" + sport + "/odds?" + books + "&markets=" + markets
                + "&oddsFormat=decimal&dateFormat=iso");
    }

    @Override
    public Answer scores(String sport) {
        String days = config.daysFrom() > 0 ? "&daysFrom=" + config.daysFrom() : "";
        return get("/v4/sports/" + sport + "/scores?dateFormat=iso" + days);
    }

    @Override
    public Answer sports() {
        return get("/v4/sports?all=false");
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private Answer get(String path) {
        String key;
        try {
            key = config.apiKey().read();
        } catch (IllegalArgumentException e) {
            return answer(Outcome.BAD_KEY, null, 0, String.valueOf(e.getMessage()));
        }
        CompletableFuture<HttpResponse<Body>> call = null;
        try {
            URI uri = URI.create(config.baseUrl() + path + "&apiKey=" + URLEncoder.encode(key, UTF_8));
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Accept", "application/json")
                    .header("Accept-Encoding", "gzip")
                    .GET()
                    .build();
            call = client.sendAsync(request, headers -> new BoundedBody(headers.headers(), config.maxBodyBytes()));
            // The client's own timeout ends with the headers; a body that trickles must end, too.
            HttpResponse<Body> response = call.get(config.timeoutMs(), TimeUnit.MILLISECONDS);
            return answer(response, key);
        } catch (TimeoutException e) {
            call.cancel(true);
            return answer(Outcome.FAILED, null, 0, "no whole answer within " + config.timeoutMs() + " ms");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = config.baseUrl() + " " + cause.getClass().getSimpleName() + ": " + cause.getMessage();
            return answer(Outcome.FAILED, null, 0, blot(why, key));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return answer(Outcome.FAILED, null, 0, "interrupted");
        }
    }

    private Answer answer(HttpResponse<Body> response, String key) {
        int status = response.statusCode();
        Body body = response.body();
        Credits credits = credits(response.headers());
        if (status == 200 && body.tooLarge()) {
            String detail = "answer of " + body.size() + " bytes: the bound is oddsapi.maxBodyBytes="
                    + config.maxBodyBytes() + ", what was read of it is kept in part";
            // The cut may go through an echoed key, which could not be told any more.
            String beginning = blot(body.text(), key);
            String kept = beginning.substring(0, Math.max(0, beginning.length() - key.length()));
            return new Answer(Outcome.TOO_LARGE, kept, credits, 0, detail);
        }
        if (status == 200) {
            return new Answer(Outcome.OK, blot(body.text(), key), credits, 0, "");
        }
        String text = blot(body.text(), key);
        String code = code(text);
        String detail = "status=" + status + " code=" + code + " message=" + message(text);
        return answer(outcome(status, code, text), credits, retryAfterMs(response.headers()), detail);
    }

    private static Answer answer(Outcome outcome, @Nullable Credits credits, long retryAfterMs, String detail) {
        return new Answer(outcome, "", credits, retryAfterMs, detail);
    }

    /** By the code first: the vendor's statuses are not one to one, and not promised. */
    private static Outcome outcome(int status, String code, String text) {
        return switch (code) {
            case "MISSING_KEY", "INVALID_KEY", "DEACTIVATED_KEY" -> Outcome.BAD_KEY;
            case "OUT_OF_USAGE_CREDITS" -> Outcome.OUT_OF_CREDITS;
            case "EXCEEDED_FREQ_LIMIT" -> Outcome.BUSY;
            default -> {
                if (status == 401 || status == 403) {
                    boolean quota = text.toLowerCase(Locale.ROOT).contains("quota");
                    yield quota ? Outcome.OUT_OF_CREDITS : Outcome.BAD_KEY;
                }
                if (status == 429) {
                    yield Outcome.BUSY;
                }
                yield status >= 400 && status < 500 && status != 408 ? Outcome.BAD_REQUEST : Outcome.FAILED;
            }
        };
    }

    private static String code(String text) {
        String code = field(text, "error_code");
        return code.matches("[A-Z0-9_]{1,60}") ? code : "none";
    }

    private static String message(String text) {
        String message = field(text, "message");
        return Bounds.clip((message.isEmpty() ? text : message).replaceAll("[\\p{Cntrl}\"]", " "));
    }

    private static String field(String text, String name) {
        try {
            JsonNode node = JSON.readTree(text);
            return node == null ? "" : node.path(name).asText("");
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /** The key as it is and as it stands in a URL; names of settings and places stay readable. */
    static String blot(String text, String key) {
        return text.replace(key, "***").replace(URLEncoder.encode(key, UTF_8), "***");
    }

    private static @Nullable Credits credits(HttpHeaders headers) {
        OptionalLong remaining = number(headers, "x-requests-remaining");
        OptionalLong used = number(headers, "x-requests-used");
        if (remaining.isEmpty()) {
            return null;
        }
        return new Credits(
                remaining.getAsLong(),
                used.orElse(0),
                number(headers, "x-requests-last").orElse(0));
    }

    private static long retryAfterMs(HttpHeaders headers) {
        return number(headers, "retry-after").orElse(0) * 1_000;
    }

    /** A header's whole number, which some send as {@code 12.0}; empty when it is none. */
    private static OptionalLong number(HttpHeaders headers, String name) {
        String text = headers.firstValue(name).orElse("");
        return text.matches("[0-9]{1,12}(\\.0*)?")
                ? OptionalLong.of(Long.parseLong(text.split("\\.", 2)[0]))
                : OptionalLong.empty();
    }

    /**
     * @param size of the whole body where known, else what was read
     */
    record Body(String text, boolean tooLarge, String size) {}
}
