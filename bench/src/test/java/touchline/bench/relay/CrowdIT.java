package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import touchline.update.MarketUpdate;

/** The fleet's own process before a server that says what the test tells it to. */
@Timeout(60)
class CrowdIT {

    @TempDir
    Path directory;

    private final Clock clock = new Clock(System.nanoTime());
    private final Fixture fixture = new Fixture(0, 1000);
    private final List<Socket> clients = Collections.synchronizedList(new ArrayList<>());
    private final List<String> subscriptions = Collections.synchronizedList(new ArrayList<>());
    private ServerSocket server;
    private FleetProcess fleet;
    private volatile byte[] greeting = {};

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "scripted relay");
        thread.setDaemon(true);
        thread.start();
        fleet = new FleetProcess(clock, directory.resolve("fleet.log"));
    }

    @AfterEach
    void stop() throws IOException {
        fleet.close();
        server.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void keepsEachClientCurrentAndMeasuresFromTheIntendedTime() throws Exception {
        MarketUpdate image = fixture.image();
        greet(image);
        fleet.grow(20, List.of(server.getLocalPort()), FleetProcess.ALL, 1, ",\"rate\":5");
        fleet.record(0, Long.MAX_VALUE, 1000);

        sendAll(Bare.message(fixture.price(clock.micros())));
        // Two updates merged into one.
        fixture.price(clock.micros());
        String merged = Bare.message(fixture.price(clock.micros()))
                .replace("\"n\":1", "\"n\":2")
                .replace("1.1000-3", "1.1000-2");
        sendAll("[" + merged + ",{\"op\":\"alive\",\"late\":true}]");

        Pause.until("all frames", Duration.ofSeconds(20), () -> fleet.report().count("alive") == 20);
        Report report = fleet.report();
        // The merged patch leaves out what the first of its two updates changed elsewhere; nothing did here.
        assertThat(report.wrongs()).isZero();
        assertThat(report.count("patches")).isEqualTo(40);
        assertThat(report.count("updates")).isEqualTo(60);
        assertThat(report.count("late")).isEqualTo(20);
        assertThat(report.histogram("delivered").getTotalCount()).isEqualTo(40);
        assertThat(report.histogram("passed").getTotalCount()).isEqualTo(60);
        assertThat(subscriptions).hasSize(20).allMatch(text -> text.contains("{\"all\":true},\"rate\":5"));
    }

    @Test
    void comesBackWithAllThatItHolds() throws Exception {
        greet(fixture.image());
        fleet.grow(3, List.of(server.getLocalPort()), FleetProcess.ALL, 1, "");
        fleet.record(0, Long.MAX_VALUE, 1000);
        fleet.died(clock.micros());
        subscriptions.clear();
        greeting = new byte[0];
        List<Socket> old = List.copyOf(clients);
        clients.clear();
        for (Socket client : old) {
            client.close();
        }

        Pause.until("new subscriptions", Duration.ofSeconds(20), () -> subscriptions.size() == 3);
        assertThat(subscriptions).allMatch(text -> text.contains("\"have\":{\"bench:0\":[\"1.1000-1\"]}"));
        sendAll("{\"op\":\"ready\",\"id\":1}");
        fleet.awaitReady(3, Duration.ofSeconds(20));
        assertThat(fleet.report().histogram("again").getTotalCount()).isZero();
        sendAll(Bare.message(fixture.price(clock.micros())));
        Pause.until(
                "all to be current",
                Duration.ofSeconds(20),
                () -> fleet.report().histogram("again").getTotalCount() == 3);
    }

    @Test
    void countsWhatARelayDoesWrong() throws Exception {
        MarketUpdate image = fixture.image();
        greet(image);
        fleet.grow(2, List.of(server.getLocalPort()), FleetProcess.ALL, 1, "");
        String patch = Bare.message(fixture.price(clock.micros()));

        sendAll("nonsense");
        sendAll(patch.replace("3.001", "9.999"));
        sendAll(patch);
        fixture.price(0);
        sendAll(Bare.message(fixture.price(0)));
        sendAll("{\"op\":\"alive\"}");

        Pause.until("all frames", Duration.ofSeconds(20), () -> fleet.report().count("alive") == 2);
        assertThat(fleet.report().wrongsInWords()).isEqualTo("gaps 2, steps back 2, wrong sums 2, unreadable 2");
    }

    @Test
    void tellsWhoHoldsWhatRedisHolds() throws Exception {
        MarketUpdate image = fixture.image();
        greet(image);
        fleet.grow(4, List.of(server.getLocalPort()), FleetProcess.ALL, 1, "");
        StringBuilder line = new StringBuilder("bench:0 1.1000-1");
        image.sums()
                .forEach((group, sum) ->
                        line.append(' ').append(group).append('=').append(sum));

        assertThat(fleet.equal(Files.writeString(directory.resolve("right"), line)))
                .isEqualTo(4);
        assertThat(fleet.equal(Files.writeString(
                        directory.resolve("wrong"), line.toString().replace("1.1000-1", "1.1000-2"))))
                .isZero();
        assertThat(fleet.equal(Files.writeString(
                        directory.resolve("sum"), line.toString().replaceFirst("h2h=.", "h2h=0"))))
                .isZero();
    }

    @Test
    void speaksWithCentrifugeAndAnswersItsPings() throws Exception {
        String publication =
                "{\"push\":{\"channel\":\"bench:0\",\"pub\":{\"data\":" + Bare.message(fixture.image()) + "}}}";
        greeting = frame("{\"id\":1,\"connect\":{\"client\":\"1\"}}\n" + publication);
        try (FleetProcess others = new FleetProcess(clock, directory.resolve("others.log"), Dialect.CENTRIFUGE)) {
            others.grow(2, List.of(server.getLocalPort()), "[\"bench:0\"]", 1, "");
            Pause.until("both clients", Duration.ofSeconds(20), () -> clients.size() == 2);
            sendAll("{}");

            for (Socket client : List.copyOf(clients)) {
                byte[] answer = client.getInputStream().readNBytes(8);
                assertThat(answer).endsWith('{', '}');
            }
            assertThat(others.report().count("images")).isEqualTo(2);
            assertThat(others.report().wrongs()).isZero();
        }
        assertThat(subscriptions)
                .hasSize(2)
                .allMatch(text -> text.endsWith("{\"id\":1,\"connect\":{\"data\":[\"bench:0\"]}}"));
    }

    private void greet(MarketUpdate image) throws IOException {
        greeting = join(frame(Bare.message(image)), frame("{\"op\":\"ready\",\"id\":1}"));
    }

    private void sendAll(String text) throws IOException {
        for (Socket client : List.copyOf(clients)) {
            client.getOutputStream().write(frame(text));
        }
    }

    private void serve() {
        try {
            while (true) {
                Socket client = server.accept();
                InputStream in = client.getInputStream();
                until(in, "\r\n\r\n");
                client.getOutputStream().write("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(US_ASCII));
                in.readNBytes(2);
                subscriptions.add(until(in, "}}"));
                client.getOutputStream().write(greeting);
                clients.add(client);
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            text.append((char) c);
            if (text.toString().endsWith(end)) {
                return text.toString();
            }
        }
        throw new IOException("ended after " + text);
    }

    private static byte[] frame(String text) {
        byte[] body = text.getBytes(UTF_8);
        byte[] head = body.length < 126
                ? new byte[] {(byte) 0x81, (byte) body.length}
                : new byte[] {(byte) 0x81, 126, (byte) (body.length >> 8), (byte) body.length};
        return join(head, body);
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
