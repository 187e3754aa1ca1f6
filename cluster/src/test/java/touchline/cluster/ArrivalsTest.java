package touchline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private final Arrivals arrivals = new Arrivals();

    private void came(long... times) {
        for (long time : times) {
            arrivals.add(time);
        }
    }

    @Test
    void whatEndsTheLongestSilenceIsTheRecovery() {
        arrivals.begin(1_000);
        came(1_010, 1_020, 4_020, 4_030, 4_500);
        assertThat(arrivals.recoveryMs()).isEqualTo(3_020);
    }

    @Test
    void theSilenceMayBeginWithTheFault() {
        arrivals.begin(1_000);
        came(3_000, 3_010);
        assertThat(arrivals.recoveryMs()).isEqualTo(2_000);
    }

    @Test
    void whatCameBeforeTheFaultIsNotCounted() {
        came(900);
        arrivals.begin(1_000);
        came(950);
        assertThat(arrivals.count()).isZero();
        assertThat(arrivals.recoveryMs()).isEqualTo(-1);
    }

    @Test
    void countsWhatCameAfterAMoment() {
        arrivals.begin(1_000);
        came(1_001, 1_002, 1_003);
        assertThat(arrivals.countAfter(1_001)).isEqualTo(2);
    }
}
