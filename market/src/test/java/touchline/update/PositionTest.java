package touchline.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    private static final long LAST = (1L << 53) - 1;

    @Test
    void readsBackWhatItWrote() {
        assertThat(new Position(1, 1760000000000L, 42)).hasToString("1.1760000000000-42");
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            Position position = new Position(random.nextInt(99), random.nextLong() >>> 11, random.nextLong() >>> 11);
            assertThat(Position.parse(position.toString())).isEqualTo(position);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "1-2",
                ".2-3",
                "1.-3",
                "1.2-",
                "a.2-3",
                "1.2-3 ",
                "+1.2-3",
                "01.2-3",
                "1.2-03",
                "-1.2-3",
                "1.2--3",
                "1.2-3-4",
                "1.2.3-4",
                "١.2-3",
                "1.2-9007199254740992",
                "9223372036854775808.2-3"
            })
    void refusesWhatIsNoPosition(String text) {
        assertThatThrownBy(() -> Position.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ordersByGenerationThenEpochThenVersion() {
        List<Position> rising = List.of(
                new Position(0, 9, 9),
                new Position(1, 2, 3),
                new Position(1, 2, 10),
                new Position(1, 10, 0),
                new Position(2, 0, 0),
                new Position(10, 0, 0));
        List<Position> shuffled = new ArrayList<>(rising);
        Collections.shuffle(shuffled, new Random(1));
        Collections.sort(shuffled);
        assertThat(shuffled).isEqualTo(rising);
    }

    @Test
    void theNextIsOneFurtherInTheSameEpoch() {
        Position position = new Position(1, 2, 3);
        assertThat(position.next()).isEqualTo(new Position(1, 2, 4)).isGreaterThan(position);
        assertThat(position.sameEpoch(position.next())).isTrue();
        assertThat(position.sameEpoch(new Position(1, 3, 3))).isFalse();
        assertThat(position.sameEpoch(new Position(2, 2, 3))).isFalse();
        assertThatThrownBy(() -> new Position(1, 2, LAST).next()).isInstanceOf(IllegalArgumentException.class);
    }
}
