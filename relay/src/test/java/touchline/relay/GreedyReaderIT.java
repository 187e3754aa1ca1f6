package touchline.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;

/** Requests over bare sockets that no browser makes. */
class GreedyReaderIT {

    private static final int MATCHES = 200;

    private final Counters counters = new Counters();
    private final RelayConfig config =
            new Settings(Map.of("relay.port", "0", "relay.adminPort", "0")).as(RelayConfig.class, "relay");
    private final Hub hub = new Hub(Time.SYSTEM);
    private final Board board = new Board(512, 900_000, Time.SYSTEM, counters, hub);
    private final RelayServer server =
            RelayServer.start(config, board, hub, Gate.anonymous(), counters, board::isComplete);

    @BeforeEach
    void fill() {
        board.shards(1);
        board.complete(0, Set.of());
        board.beat(0, System.currentTimeMillis(), 1);
        for (Truth truth : Truth.some(MATCHES)) {
            board.update(0, truth.begin("live", "epl"));
            Map<String, String> cells = new TreeMap<>();
            for (int i = 0; i < 100; i++) {
                cells.put("totals:" + i + ".5/over", "1." + (i + 1));
            }
            board.update(0, truth.patch(new TreeMap<>(cells)));
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersDoNotQueueUpForWhoAsksOnAndOnWithoutReading() throws Exception {
        int asked = 400;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /v1/matches HTTP/1.1\r\nHost: x\r\n\r\n"
                            .repeat(asked)
                            .getBytes(ISO_8859_1));
            int answers = 0;
            StringBuilder tail = new StringBuilder();
            byte[] buffer = new byte[1 << 16];
            try {
                InputStream in = socket.getInputStream();
                for (int n = in.read(buffer); n >= 0 && answers < asked; n = in.read(buffer)) {
                    tail.append(new String(buffer, 0, n, ISO_8859_1));
                    for (int at = tail.indexOf("HTTP/1.1 200"); at >= 0; at = tail.indexOf("HTTP/1.1 200")) {
                        answers++;
                        tail.delete(0, at + 12);
                    }
                    tail.delete(0, Math.max(0, tail.length() - 12));
                }
            } catch (IOException e) {
                // Reset: it has been closed.
            }
            assertThat(answers).isLessThan(asked);
        }
    }

    @Test
    void aQueryThatIsNoneIsToldSo() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /v1/matches?phase=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            assertThat(answer.toString(ISO_8859_1)).startsWith("HTTP/1.1 400");
        }
    }
}
