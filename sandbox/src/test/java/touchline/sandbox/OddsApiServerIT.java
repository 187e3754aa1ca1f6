package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OddsApiServerIT {

    private static final String ODDS = "/v4/sports/soccer_epl/odds";
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String EVENTS = """
            [{"id":"0123456789abcdef0123456789abcdef","sport_key":"soccer_epl","sport_title":"EPL",
              "commence_time":"2030-06-01T12:00:00Z","home_team":"Ash","away_team":"Oak","bookmakers":[
              {"key":"fanduel","title":"FanDuel","last_update":"2030-06-01T11:59:00Z","markets":[
                {"key":"h2h","last_update":"2030-06-01T11:59:01Z","outcomes":[
                  {"name":"Ash","price":2.5},{"name":"Oak","price":2},{"name":"Draw","price":3.4567}]},
                {"key":"btts","last_update":"2030-06-01T11:59:01Z","outcomes":[
                  {"name":"Yes","price":1.8},{"name":"No","price":1.9}]}]},
              {"key":"pinnacle","title":"Pinnacle","last_update":"2030-06-01T11:59:00Z","markets":[
                {"key":"totals","last_update":"2030-06-01T11:59:02.250Z","outcomes":[
                  {"name":"Over","price":1.9,"point":2.5},{"name":"Under","price":1.95,"point":2.5}]}]}]}]
            """;

    private final AtomicLong now =
            new AtomicLong(Instant.parse("2030-06-01T12:30:00Z").toEpochMilli());
    private final FakeOddsFeed feed = new FakeOddsFeed();
    private final OddsApiServer api = OddsApiServer.start(0, feed, new OddsTerms("the-key", 100, 30), now::get);

    OddsApiServerIT() {
        feed.odds("soccer_epl", EVENTS);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void answersInTheVendorsShape() throws Exception {
        HttpResponse<String> response = get(ODDS, "regions=us,eu&markets=h2h,totals");
        JsonNode event = json(response).get(0);
        assertThat(event.path("id").asText()).isEqualTo(ID);
        assertThat(event.path("commence_time").asText()).isEqualTo("2030-06-01T12:00:00Z");
        assertThat(event.path("bookmakers")).hasSize(2);
        assertThat(event.at("/bookmakers/0/markets")).hasSize(1);
        assertThat(event.at("/bookmakers/0/markets/0/last_update").asText()).isEqualTo("2030-06-01T11:59:01Z");
        assertThat(event.at("/bookmakers/1/markets/0/last_update").asText()).isEqualTo("2030-06-01T11:59:02.250Z");
        assertThat(response.body())
                .contains("[{\"name\":\"Ash\",\"price\":2.5},{\"name\":\"Oak\",\"price\":2.0},"
                        + "{\"name\":\"Draw\",\"price\":3.457}]")
                .contains("{\"name\":\"Over\",\"price\":1.9,\"point\":2.5}");
    }

    @Test
    void writesAmericanPricesAndUnixTimesWhenAsked() throws Exception {
        JsonNode event = json(get(ODDS, "regions=us&oddsFormat=american&dateFormat=unix"))
                .get(0);
        assertThat(event.path("commence_time").asLong()).isEqualTo(now.get() / 1000 - 1800);
        assertThat(event.at("/bookmakers/0/markets/0/outcomes").findValuesAsText("price"))
                .containsExactly("150", "100", "246");
    }

    @Test
    void chargesMarketsTimesRegionsAndNothingForNothing() throws Exception {
        assertCost(get(ODDS, "regions=us,eu&markets=h2h,totals"), 4, 96);
        assertCost(get(ODDS, "bookmakers=fanduel,pinnacle&markets=h2h,totals"), 2, 94);
        assertCost(get(ODDS, "regions=us&eventIds=" + "f".repeat(32)), 0, 94);
        assertCost(get("/v4/sports", ""), 0, 94);
        assertCost(get("/v4/sports/soccer_epl/events", ""), 0, 94);
        assertCost(get("/v4/sports/soccer_epl/scores", ""), 1, 93);
        assertCost(get("/v4/sports/soccer_epl/scores", "daysFrom=3"), 2, 91);
        assertCost(
                get("/v4/sports/soccer_epl/events/" + ID + "/odds", "regions=us,eu&markets=h2h,btts,spreads"), 4, 87);
        assertCost(get("/v4/sports/soccer_epl/events/" + ID + "/markets", "regions=us"), 1, 86);
        assertThat(api.creditsUsed()).isEqualTo(14);
    }

    @Test
    void stampsOnlyMarketsOnTheEventEndpoint() throws Exception {
        JsonNode event = json(get("/v4/sports/soccer_epl/events/" + ID + "/odds", "regions=us&markets=btts"));
        assertThat(event.at("/bookmakers/0").has("last_update")).isFalse();
        assertThat(event.at("/bookmakers/0/markets/0/last_update").asText()).isEqualTo("2030-06-01T11:59:01Z");
    }

    @Test
    void completedScoresAreForThoseWhoAskForDays() throws Exception {
        feed.scores("soccer_epl", """
                [{"id":"0123456789abcdef0123456789abcdef","sport_key":"soccer_epl","sport_title":"EPL",
                  "commence_time":"2030-06-01T10:00:00Z","completed":true,"home_team":"Ash","away_team":"Oak",
                  "scores":[{"name":"Ash","score":"2"},{"name":"Oak","score":"1"}],
                  "last_update":"2030-06-01T12:00:00Z"}]
                """);
        assertThat(json(get("/v4/sports/soccer_epl/scores", ""))).isEmpty();
        JsonNode score = json(get("/v4/sports/soccer_epl/scores", "daysFrom=1")).get(0);
        assertThat(score.at("/scores/0/score").isTextual()).isTrue();
        assertThat(score.path("last_update").asText()).isEqualTo("2030-06-01T12:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "markets=h2h, 422, MISSING_REGION",
        "regions=mars, 422, INVALID_REGION",
        "regions=us&markets=btts, 422, INVALID_MARKET",
        "'regions=us&markets=h2h,outrights', 422, INVALID_MARKET_COMBO",
        "regions=us&oddsFormat=roman, 422, INVALID_ODDS_FORMAT",
        "regions=us&dateFormat=roman, 422, INVALID_DATE_FORMAT",
        "regions=us&eventIds=7, 422, INVALID_EVENT_IDS",
        "regions=us&commenceTimeFrom=noon, 422, INVALID_COMMENCE_TIME_FROM",
        "regions=us&includeBetLimits=yes, 422, INVALID_INCLUDE_BET_LIMITS",
        "regions=us&apiKey=other, 401, INVALID_KEY",
        "regions=us&apiKey=, 401, MISSING_KEY"
    })
    void refusesWithTheVendorsCode(String query, int status, String code) throws Exception {
        HttpResponse<String> response = get(ODDS, query);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).path("error_code").asText()).isEqualTo(code);
        assertThat(api.creditsUsed()).isZero();
    }

    @Test
    void unknownThingsAreNotFound() throws Exception {
        assertThat(json(get("/v4/sports/chess/odds", "regions=us"))
                        .path("error_code")
                        .asText())
                .isEqualTo("UNKNOWN_SPORT");
        HttpResponse<String> gone = get("/v4/sports/soccer_epl/events/" + "f".repeat(32) + "/odds", "regions=us");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(json(gone).path("error_code").asText()).isEqualTo("EVENT_NOT_FOUND");
    }

    @Test
    void anEmptyQuotaIs401WithItsOwnCodeWhileFreeCallsGoOn() throws Exception {
        api.creditsLeft(1);
        assertThat(get(ODDS, "regions=us").statusCode()).isEqualTo(200);
        HttpResponse<String> spent = get(ODDS, "regions=us");
        assertThat(spent.statusCode()).isEqualTo(401);
        assertThat(json(spent).path("error_code").asText()).isEqualTo("OUT_OF_USAGE_CREDITS");
        assertThat(get("/v4/sports", "").statusCode()).isEqualTo(200);
    }

    @Test
    void moreThanThirtyCallsInASecondAreTooMany() throws Exception {
        for (int i = 0; i < 30; i++) {
            assertThat(get("/v4/sports", "").statusCode()).isEqualTo(200);
        }
        HttpResponse<String> refused = get("/v4/sports", "");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(json(refused).path("error_code").asText()).isEqualTo("EXCEEDED_FREQ_LIMIT");
        now.addAndGet(1_000);
        assertThat(get("/v4/sports", "").statusCode()).isEqualTo(200);
    }

    @Test
    void failsAsOftenAsItIsToldAndOnlyWhere() throws Exception {
        api.fault(OddsFault.status(429, 2).at("/odds"));
        assertThat(get("/v4/sports", "").statusCode()).isEqualTo(200);
        assertThat(get(ODDS, "regions=us").statusCode()).isEqualTo(429);
        assertThat(get(ODDS, "regions=us").statusCode()).isEqualTo(429);
        assertThat(get(ODDS, "regions=us").statusCode()).isEqualTo(200);
    }

    @Test
    void canBeToldToFailOverHttp() throws Exception {
        assertThat(post("/sandbox/fault?status=500&times=-1").statusCode()).isEqualTo(200);
        assertThat(get(ODDS, "regions=us").statusCode()).isEqualTo(500);
        assertThat(get(ODDS, "regions=us").statusCode()).isEqualTo(500);
        assertThat(post("/sandbox/heal").statusCode()).isEqualTo(200);
        assertThat(get(ODDS, "regions=us").statusCode()).isEqualTo(200);
        assertThat(post("/sandbox/fault?kind=unheard_of").statusCode()).isEqualTo(400);
        HttpResponse<String> calls = get("/sandbox/calls", "");
        assertThat(json(calls)).hasSize(3);
        assertThat(calls.body()).doesNotContain("the-key");
    }

    @Test
    void garbageIsNoJson() throws Exception {
        api.fault(OddsFault.of(OddsFault.Kind.GARBAGE, 1));
        HttpResponse<String> response = get(ODDS, "regions=us");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> json(response)).isInstanceOf(IOException.class);
    }

    @Test
    void halfABodyIsCutOff() {
        api.fault(OddsFault.of(OddsFault.Kind.HALF, 1));
        assertThatThrownBy(() -> get(ODDS, "regions=us")).isInstanceOf(IOException.class);
    }

    @Test
    void aHugeBodyIsTenMegabytesOfJson() throws Exception {
        api.fault(OddsFault.of(OddsFault.Kind.HUGE, 1));
        HttpResponse<String> response = get(ODDS, "regions=us");
        assertThat(response.body()).hasSizeGreaterThan(10_000_000);
        assertThat(json(response)).hasSize(1);
    }

    @Test
    void nobodyQuotesWhenToldSo() throws Exception {
        api.fault(OddsFault.of(OddsFault.Kind.EMPTY_BOOKMAKERS, 1));
        assertThat(json(get(ODDS, "regions=us")).get(0).path("bookmakers")).isEmpty();
    }

    @Test
    void aHangingCallEndsByTheCallersPatience() {
        api.fault(OddsFault.of(OddsFault.Kind.HANG, 1));
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.url() + ODDS + "?apiKey=the-key&regions=us"))
                .timeout(Duration.ofMillis(300))
                .build();
        assertThatThrownBy(() -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void zipsForThoseWhoCanUnzip() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.url() + ODDS + "?apiKey=the-key&regions=us"))
                .header("Accept-Encoding", "gzip")
                .build();
        HttpResponse<byte[]> response =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(OddsJson.MAPPER.readTree(unzipped)).hasSize(1);
        }
    }

    private static void assertCost(HttpResponse<String> response, int last, int remaining) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("x-requests-last")).hasValue(last);
        assertThat(response.headers().firstValueAsLong("x-requests-remaining")).hasValue(remaining);
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return OddsJson.MAPPER.readTree(response.body());
    }

    private HttpResponse<String> get(String path, String query) throws IOException, InterruptedException {
        String key = query.contains("apiKey") ? "" : "&apiKey=the-key";
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(api.url() + path + "?" + query + key))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(api.url() + path))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
