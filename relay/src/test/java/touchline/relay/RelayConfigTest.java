package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.config.Settings;

class RelayConfigTest {

    /** Keys, defaults and what they are for: pinned by the page that users read. */
    @Test
    void theReadmeTellsEverySettingWithItsDefault() throws IOException {
        List<String> described = new ArrayList<>(Settings.describe(RelayConfig.class, "relay"));
        described.addAll(Settings.describe(RelayRedisConfig.class, "redis"));
        described.addAll(Settings.describe(TokenConfig.class, "token"));
        List<String> rows = described.stream()
                .map(line -> {
                    int equals = line.indexOf('=');
                    int help = line.indexOf("   # ");
                    String value = line.substring(equals + 1, help);
                    return "| `" + line.substring(0, equals) + "` | " + (value.isEmpty() ? "none" : "`" + value + "`")
                            + " | " + line.substring(help + "   # ".length()) + " |";
                })
                .toList();
        List<String> told = Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        assertThat(told).isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "relay.port; 70000; port=70000: must be within 0..65535",
                "relay.threads; 65; threads=65: must be within 0..64",
                "relay.frameBytes; 10; frameBytes=10: must be within 1024..1048576",
                "relay.leftoverMs; 5; leftoverMs=5: must be 1000 or more",
                "relay.origins; example.com; origins=example.com: must be as https://example.com",
                "relay.tlsKey; key.pem; tlsCertificate and tlsKey: set both, or neither",
            })
    void refusesWhatItCouldNotKeep(String key, String value, String reason) {
        assertThatThrownBy(() -> new Settings(Map.of(key, value)).as(RelayConfig.class, "relay"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void doesNotServeEverybodyWithoutBeingToldTo() {
        Map<String, String> open = Map.of("relay.bind", "0.0.0.0", "relay.port", "0", "relay.adminPort", "0");
        assertThatThrownBy(() -> Relay.start(new Settings(open)).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("set token.jwks")
                .hasMessageContaining("relay.anonymous=true");
    }
}
