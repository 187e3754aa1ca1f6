package touchline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;
import touchline.update.Shards;

class ShardLineTest {

    private static final int EVERY = 250;

    private final ShardLine line = new ShardLine(0, "writer", "0-0");

    @Test
    void beatsAtOnceAndThenOncePerInterval() {
        assertThat(line.isBeatDue(1_000_000, EVERY)).isTrue();
        beat(1_000_000);
        assertThat(line.isBeatDue(1_000_000, EVERY)).isFalse();
        assertThat(line.isBeatDue(1_000_249, EVERY)).isFalse();
        assertThat(line.isBeatDue(1_000_250, EVERY)).isTrue();
    }

    @Test
    void aClockThatStepsBackDoesNotStopTheBeats() {
        beat(1_000_000);
        assertThat(line.isBeatDue(999_999, EVERY)).isTrue();
        beat(400_000);
        assertThat(line.isBeatDue(400_249, EVERY)).isFalse();
        assertThat(line.isBeatDue(400_250, EVERY)).isTrue();
    }

    private void beat(long now) {
        RedisConfig config = new Settings(Map.of()).as(RedisConfig.class, "redis");
        Call call = line.next(new Shards(1), config, 5, now);
        assertThat(call.beat()).isEqualTo(5);
        line.confirmed(call, "0-0");
    }
}
