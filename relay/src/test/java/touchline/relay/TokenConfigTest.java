package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.config.Settings;

class TokenConfigTest {

    @Test
    void pinsKeysAndDefaults() {
        assertThat(Settings.describe(TokenConfig.class, "token").stream()
                        .map(line -> line.replaceFirst("   #.*", ""))
                        .toList())
                .containsExactly(
                        "token.jwks=",
                        "token.secret=",
                        "token.issuer=",
                        "token.audience=",
                        "token.algorithms=RS256,ES256,EdDSA",
                        "token.leewayMs=5000",
                        "token.refreshMs=300000");
        assertThat(config().isPresent()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "algorithms=none; must be of",
                "algorithms=RS256,HS512; must be of",
                "secret=env:S; exactly when HS256",
                "algorithms=HS256; exactly when HS256",
                "jwks=keys.json; issuer and audience must be set",
                "jwks=keys.json issuer=i; issuer and audience must be set",
                "jwks=keys.json issuer=i audience=a algorithms=; at least one",
                "secret=env:S issuer=i audience=a algorithms=HS256,RS256; jwks must be set",
                "jwks=http://keys.example issuer=i audience=a; must be https",
                "leewayMs=-1; within 0..",
                "refreshMs=1; within 1000..",
            })
    void refusesWhatCannotBe(String settings, String why) {
        assertThatThrownBy(() -> config(settings.split(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void takesKeysFromTheSameMachineWithoutTls() {
        assertThatCode(() -> config("jwks=http://127.0.0.1:1/keys", "issuer=i", "audience=a"))
                .doesNotThrowAnyException();
    }

    static TokenConfig config(String... settings) {
        Map<String, String> values = new HashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            values.put("token." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new Settings(values).as(TokenConfig.class, "token");
    }
}
