package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StillTest {

    private long nowMs;
    private final Still still = new Still(5_000, () -> TimeUnit.MILLISECONDS.toNanos(nowMs));

    @Test
    void whatStandsStillIsNoticedAtEverLongerPausesUpToAMinute() {
        assertThat(still.isLong(1)).isFalse();
        for (int pause : new int[] {5_000, 10_000, 20_000, 40_000, 60_000, 60_000}) {
            nowMs += pause - 1;
            assertThat(still.isLong(1)).isFalse();
            nowMs += 1;
            assertThat(still.isLong(1)).as("after " + pause).isTrue();
        }
    }

    @Test
    void whatMovesAgainIsWaitedForFromTheBeginning() {
        still.isLong(1);
        nowMs += 5_000;
        assertThat(still.isLong(1)).isTrue();
        assertThat(still.isLong(2)).isFalse();
        nowMs += 4_999;
        assertThat(still.isLong(2)).isFalse();
        nowMs += 1;
        assertThat(still.isLong(2)).isTrue();
    }
}
