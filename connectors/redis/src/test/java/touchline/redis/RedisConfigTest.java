package touchline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.config.Settings;

class RedisConfigTest {

    @Test
    void pinsKeysAndDefaults() {
        assertThat(Settings.describe(RedisConfig.class, "redis").stream()
                        .map(line -> line.replaceFirst("   #.*", ""))
                        .collect(Collectors.toList()))
                .containsExactly(
                        "redis.uri=redis://127.0.0.1:6379",
                        "redis.username=",
                        "redis.password=",
                        "redis.tlsCa=",
                        "redis.tlsVerify=full",
                        "redis.shards=16",
                        "redis.batchMax=128",
                        "redis.maxInFlight=4096",
                        "redis.streamMax=100000",
                        "redis.streamAgeMs=900000",
                        "redis.tombstoneMs=691200000",
                        "redis.leftoverMs=900000",
                        "redis.beatMs=250",
                        "redis.timeoutMs=2000",
                        "redis.attempts=10",
                        "redis.backoffMs=50");
    }

    @ParameterizedTest
    @CsvSource({
        "uri, http://here, must begin with one of",
        "uri, redis://here:there, the port must be a number",
        "uri, 'redis-cluster://here:1,there:', the port must be a number",
        "uri, redis://user:secret@here, set username and password",
        "tlsVerify, maybe, 'full, ca or none'",
        "shards, 0, within 1..1024",
        "batchMax, 0, within 1..",
        "maxInFlight, 100, within 128..",
        "beatMs, 0, within 1..",
        "attempts, 0, within 1..",
        "backoffMs, 3000, within 1..2000",
        "password, secret, env:NAME or file:PATH",
    })
    void refusesWhatCannotBe(String key, String value, String why) {
        Settings settings = new Settings(Map.of("redis." + key, value));
        assertThatThrownBy(() -> settings.as(RedisConfig.class, "redis"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key.equals("password") ? "redis.password" : key)
                .hasMessageContaining(why);
    }

    @Test
    void pausesDoubleUpToTheTimeout() {
        RedisConfig config = new Settings(Map.of()).as(RedisConfig.class, "redis");
        assertThat(config.backoffMs(2)).isEqualTo(50);
        assertThat(config.backoffMs(3)).isEqualTo(100);
        assertThat(config.backoffMs(6)).isEqualTo(800);
        assertThat(config.backoffMs(9)).isEqualTo(2_000);
        assertThat(config.backoffMs(1_000)).isEqualTo(2_000);
    }
}
