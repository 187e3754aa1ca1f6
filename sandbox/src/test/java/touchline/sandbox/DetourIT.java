package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A network that fails when told to, before a real server. */
class DetourIT {

    private final RedisServer server = RedisServer.start(0);
    private final Detour detour = Detour.to(server.port());

    @AfterEach
    void stop() {
        detour.close();
        server.close();
    }

    @Test
    void whatIsHeldUpComesLateAndOnce() throws IOException {
        try (RespConnection connection = new RespConnection(detour.port())) {
            assertThat(connection.call("INCR", "n")).isEqualTo("1");
            detour.block();
            Thread asking = new Thread(() -> {
                try {
                    connection.call("INCR", "n");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            asking.start();
            assertThat(server.command("GET", "n")).isEqualTo("1");
            detour.unblock();
            Await.until("the answer", Duration.ofSeconds(10), () -> !asking.isAlive());
            assertThat(server.command("GET", "n")).isEqualTo("2");
        }
    }

    @Test
    void aForgottenConnectionStaysOpenAndSaysNothingAndNewOnesWork() throws IOException {
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), detour.port());
                RespConnection before = new RespConnection(detour.port())) {
            assertThat(before.call("PING")).isEqualTo("PONG");
            silent.getOutputStream().write("PING\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(silent.getInputStream().read()).isEqualTo('+');
            silent.getInputStream().readNBytes(6);
            detour.forgetConnections();
            silent.getOutputStream().write("INCR n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            silent.setSoTimeout(200);
            assertThatThrownBy(() -> silent.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            try (RespConnection fresh = new RespConnection(detour.port())) {
                assertThat(fresh.call("GET", "n")).isEqualTo("(nil)");
            }
        }
    }

    @Test
    void aSlowAndLossyWayChangesNothingButWhen() throws IOException {
        detour.delay(5);
        detour.lose(30);
        try (RespConnection connection = new RespConnection(detour.port())) {
            for (int i = 1; i <= 20; i++) {
                assertThat(connection.call("INCR", "n")).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void leadsToAnotherServerFromTheNextConnectionOn() throws IOException {
        try (RedisServer other = RedisServer.start(0);
                RespConnection before = new RespConnection(detour.port())) {
            before.call("SET", "who", "old");
            other.command("SET", "who", "new");
            detour.lead(other.port());
            assertThat(before.call("GET", "who")).isEqualTo("old");
            try (RespConnection after = new RespConnection(detour.port())) {
                assertThat(after.call("GET", "who")).isEqualTo("new");
            }
            detour.breakConnections();
            assertThatThrownBy(() -> before.call("PING")).isInstanceOf(IOException.class);
        }
    }
}
