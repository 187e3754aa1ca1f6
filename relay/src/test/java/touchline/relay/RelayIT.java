package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;

class RelayIT {

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void oneThatCannotStartLeavesNothingBehind() throws Exception {
        int port;
        try (ServerSocket free = listen(0)) {
            port = free.getLocalPort();
        }
        try (ServerSocket taken = listen(0)) {
            Settings settings = new Settings(Map.of(
                    "redis.uri", "redis://127.0.0.1:" + port,
                    "relay.port", Integer.toString(port),
                    "relay.adminPort", Integer.toString(taken.getLocalPort())));
            assertThatThrownBy(() -> Relay.start(settings)).hasMessageContaining("relay.adminPort=");
            try (ServerSocket again = listen(port)) {
                assertThat(again.isBound()).isTrue();
            }
        }
    }
}
