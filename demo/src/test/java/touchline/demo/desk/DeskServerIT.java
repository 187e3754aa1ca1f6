package touchline.demo.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.sandbox.PostgresServer;

class DeskServerIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static PostgresServer postgres;
    private static DeskServer server;

    @BeforeAll
    static void start() {
        Path root = root();
        postgres = PostgresServer.start(0);
        postgres.apply(root.resolve("deploy/postgres/schema.sql"));
        postgres.apply(root.resolve("deploy/postgres/roles.sql"));
        server = DeskServer.start(0, postgres.jdbcUrl(), "touchline_operator", root.resolve("client"));
    }

    @AfterAll
    static void stop() {
        server.close();
        postgres.close();
    }

    @Test
    void writesWhatAnOperatorWouldWrite() throws Exception {
        String id = announced();
        assertThat(order("{'do':'score','match':'" + id + "','home_score':2,'away_score':'1'}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(order("{'do':'prices','match':'" + id + "','market':'h2h','price_home':'1,45'}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(order("{'do':'suspend','match':'" + id + "','market':'h2h'}").statusCode())
                .isEqualTo(200);

        JsonNode document = document(id);
        assertThat(document.at("/score/home").asInt()).isEqualTo(2);
        assertThat(document.at("/score/away").asInt()).isEqualTo(1);
        assertThat(document.at("/markets/1/market").asText()).isEqualTo("h2h");
        assertThat(document.at("/markets/1/prices/home").asText()).isEqualTo("1.45");
        assertThat(document.at("/suspend/0").asText()).isEqualTo("h2h");

        assertThat(order("{'do':'resume','match':'" + id + "','market':'h2h'}").statusCode())
                .isEqualTo(200);
        assertThat(document(id).has("suspend")).isFalse();
    }

    @Test
    void runsAMatchFromItsAnnouncementToItsEnd() throws Exception {
        String id = announced();
        for (String order : new String[] {
            "{'do':'phase','match':'" + id + "','phase':'live','period':'second_half'}",
            "{'do':'clock','match':'" + id + "','minute':45,'running':true}",
            "{'do':'incident','match':'" + id + "','type':'goal','side':'home','state':'open'}",
            "{'do':'prices','match':'" + id + "','market':'totals','line':'2.5','price_over':'1.9','price_under':'2'}",
            "{'do':'confirm','match':'" + id + "'}",
        }) {
            HttpResponse<String> answer = order(order);
            assertThat(answer.statusCode()).as(order + " " + answer.body()).isEqualTo(200);
        }
        JsonNode document = document(id);
        assertThat(document.at("/clock/seconds").asInt()).isEqualTo(2700);
        String incident = document.at("/incidents/0/id").asText();
        assertThat(order("{'do':'decide','match':'" + id + "','id':'" + incident + "','state':'confirmed'}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(document(id).at("/incidents/0/state").asText()).isEqualTo("confirmed");
        assertThat(matches()).contains(id);
        assertThat(order("{'do':'phase','match':'" + id + "','phase':'ended'}").statusCode())
                .isEqualTo(200);
        assertThat(matches()).doesNotContain(id);
        assertThat(order("{'do':'withdraw','match':'" + id + "'}").statusCode()).isEqualTo(200);
        assertThat(document(id).has("deleted")).isTrue();
    }

    @Test
    void speaksOfAProvidersMatchWithoutARowOfItsOwn() throws Exception {
        String id = "oddsapi:0123456789abcdef0123456789abcdef";
        assertThat(order("{'do':'score','match':'" + id + "','home_score':1,'away_score':0}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(document(id).at("/score/home").asInt()).isEqualTo(1);
        assertThat(order("{'do':'withdraw','match':'" + id + "'}").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'do':'prices','match':'ID','market':'h2h','price_home':'2','price_away':'0.5'} | price_away | 1.001
            {'do':'prices','match':'ID','market':'h2h','price_home':'1.8555'} | price_home | three decimals
            {'do':'prices','match':'ID','market':'h2h','price_draw':'abc'} | price_draw | no number
            {'do':'prices','match':'ID','market':'h2h','price_over':'1.5'} | outcome | no such outcome
            {'do':'prices','match':'ID','market':'totals','line':'2.6'} | line | 0.25
            {'do':'score','match':'ID','home_score':'-1','away_score':'0'} | score | between 0 and 9999
            {'do':'score','match':'ID','home_score':'1.5','away_score':'0'} | home_score | whole number
            {'do':'suspend','match':'ID','market':'H2H'} | market | h2h
            {'do':'phase','match':'ID','phase':'paused'} | phase | upcoming live or ended
            {'do':'clock','match':'ID','minute':'2000'} | minute | 1440
            {'do':'announce','home':' ','away':'B','league':'Cup','phase':'live','price_home':'2','price_draw':'3','price_away':'4'} | home | name
            """)
    void saysAtWhichFieldAnOrderIsRefusedAndWhy(String order, String field, String words) throws Exception {
        HttpResponse<String> answer = order(order.replace("ID", announced()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        JsonNode refusal = JSON.readTree(answer.body());
        assertThat(refusal.path("field").asText()).as(answer.body()).isEqualTo(field);
        assertThat(refusal.path("message").asText()).contains(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'do':'resume','match':'ID','market':'h2h'} | Nothing to resume
            {'do':'confirm','match':'manual:none'} | nothing here
            {'do':'suspend','match':'manual:none','market':'*'} | no match manual:none
            {'do':'dance','match':'ID'} | no order
            """)
    void saysWhyAnOrderCannotBeMeant(String order, String words) throws Exception {
        HttpResponse<String> answer = order(order.replace("ID", announced()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(JSON.readTree(answer.body()).path("message").asText()).containsIgnoringCase(words);
    }

    @Test
    void goesOnAfterTheDatabaseEndedItsConnection() throws Exception {
        String id = announced();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'touchline_operator'");
        }
        String confirm = "{'do':'confirm','match':'" + id + "'}";
        assertThat(order(confirm).statusCode()).isEqualTo(503);
        assertThat(order(confirm).statusCode()).isEqualTo(200);
    }

    @Test
    void takesOrdersFromItsOwnPageOnly() throws Exception {
        String body = "{\"do\":\"confirm\",\"match\":\"" + announced() + "\"}";
        HttpRequest.Builder order = HttpRequest.newBuilder(URI.create(server.url() + "orders"))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        assertThat(send(order.copy().header("Content-Type", "application/json")))
                .isEqualTo(403);
        assertThat(send(order.copy()
                        .header("Content-Type", "application/json")
                        .header("Origin", "https://elsewhere.example")))
                .isEqualTo(403);
        assertThat(send(order.copy().header("Content-Type", "text/plain").header("Origin", origin())))
                .isEqualTo(403);
        assertThat(send(order.copy().header("Content-Type", "application/json").header("Origin", origin())))
                .isEqualTo(200);
    }

    @Test
    void answersToItsOwnNameOnly() throws IOException {
        assertThat(status("GET /matches", "127.0.0.1:" + server.port())).contains(" 200 ");
        assertThat(status("GET /matches", "localhost:" + server.port())).contains(" 200 ");
        assertThat(status("GET /matches", "rebound.example:" + server.port())).contains(" 403 ");
        assertThat(status("GET /", "127.0.0.1")).contains(" 403 ");
    }

    @Test
    void givesOutThePagesFilesAndNothingElse() throws IOException {
        String own = "127.0.0.1:" + server.port();
        for (String path : new String[] {"/", "/operator.js", "/operator.css", "/page/style.css", "/src/store.js"}) {
            assertThat(status("GET " + path, own)).as(path).contains(" 200 ");
        }
        for (String path : new String[] {
            "/page/../package.json",
            "/page/..%2f..%2fpom.xml",
            "/page//etc/passwd",
            "/Desk.class",
            "/package.json",
            "/src/"
        }) {
            assertThat(status("GET " + path, own)).as(path).contains(" 404 ");
        }
    }

    private static String announced() throws Exception {
        HttpResponse<String> answer =
                order("{'do':'announce','home':'Reds','away':'Blues','league':'Cup','phase':'live',"
                        + "'price_home':'1.85','price_draw':'3.4','price_away':'4.2'}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("match").asText();
    }

    private static HttpResponse<String> order(String json) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(server.url() + "orders"))
                        .header("Origin", origin())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String origin() {
        return "http://127.0.0.1:" + server.port();
    }

    private static int send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String matches() throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(server.url() + "matches"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static JsonNode document(String id) throws SQLException, IOException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select document::text from touchline.match_document where match = '" + id + "'")) {
            assertThat(row.next()).as(id).isTrue();
            return JSON.readTree(row.getString(1));
        }
    }

    /** With a Host that the JDK's client would not send, and a path that it would tidy up. */
    private static String status(String request, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            String head = request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return in.readLine();
        }
    }

    private static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(directory -> Files.isDirectory(directory.resolve("deploy/postgres")))
                .findFirst()
                .orElseThrow();
    }
}
