package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.plugin.AuthenticationRequestType;
import touchline.config.Settings;

class PostgresSettingsTest {

    @Test
    void keysAndDefaultsArePinned() {
        assertThat(Settings.describe(PostgresSettings.class, "postgres").stream()
                        .map(line -> line.substring(0, line.indexOf("   #"))))
                .containsExactly(
                        "postgres.host=127.0.0.1",
                        "postgres.port=5432",
                        "postgres.database=postgres",
                        "postgres.user=touchline_cdc",
                        "postgres.password=",
                        "postgres.sslMode=prefer",
                        "postgres.sslRootCert=",
                        "postgres.slot=touchline",
                        "postgres.publication=touchline",
                        "postgres.pollMs=2",
                        "postgres.batch=1",
                        "postgres.heartbeatMs=1000",
                        "postgres.reconcileMs=5000",
                        "postgres.timeoutMs=10000");
        assertThat(settings(Map.of())).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "postgres.port, 0, port=0",
        "postgres.sslMode, maybe, sslMode=maybe",
        "postgres.slot, Not-A-Slot, slot=Not-A-Slot",
        "postgres.pollMs, 0, pollMs=0",
        "postgres.batch, 4096, batch=4096",
        "postgres.heartbeatMs, 5, heartbeatMs=5",
        "postgres.reconcileMs, 5, reconcileMs=5",
        "postgres.password, hunter2, env:NAME"
    })
    void whatCannotWorkIsRefused(String key, String value, String complaint) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void thePasswordIsReadWhereItIsAndNeverShown(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "hunter2\n");
        PostgresSettings settings = settings(Map.of("postgres.password", "file:" + file));
        assertThat(new PasswordFrom(settings.jdbcProperties()).getPassword(AuthenticationRequestType.SASL))
                .isEqualTo("hunter2".toCharArray());
        assertThat(settings.toString() + settings.jdbcUrl() + settings.jdbcProperties())
                .doesNotContain("hunter2");
        assertThat(PostgresSettings.DRIVER_PROPERTIES)
                .containsAll(settings.driverProperties().keySet());
    }

    private static PostgresSettings settings(Map<String, String> values) {
        return new Settings(values).as(PostgresSettings.class, "postgres");
    }
}
