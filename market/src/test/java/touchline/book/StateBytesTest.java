package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import touchline.feed.Phase;
import touchline.price.Prices;

class StateBytesTest {

    private static final String[] OUTCOMES = {"home", "draw", "Straßenfußball"};

    @Test
    void readsBackWhatWasWrittenInTheSameOrder() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            StateWriter out = new StateWriter();
            List<Consumer<StateReader>> expected = new ArrayList<>();
            for (int n = random.nextInt(40); n > 0; n--) {
                expected.add(write(out, random));
            }
            StateReader in = new StateReader(out.toBytes());
            expected.forEach(value -> value.accept(in));
        }
    }

    @Test
    void smallNumbersTakeOneByte() {
        assertThat(new StateWriter().number(63).number(-64).toBytes()).hasSize(2);
        assertThat(new StateWriter().number(64).toBytes()).hasSize(2);
        assertThat(new StateWriter().number(Long.MIN_VALUE).toBytes()).hasSize(10);
        assertThat(new StateWriter().toBytes()).isEmpty();
    }

    private static Consumer<StateReader> write(StateWriter out, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> {
                long number = random.nextInt(9) == 0 ? Long.MIN_VALUE : random.nextLong() >> random.nextInt(64);
                out.number(number);
                return in -> assertThat(in.number()).isEqualTo(number);
            }
            case 1 -> {
                String text = random.nextBoolean() ? null : text(random);
                out.optionalText(text);
                return in -> assertThat(in.optionalText()).isEqualTo(text);
            }
            case 2 -> {
                Integer number = random.nextBoolean() ? null : random.nextInt();
                out.optionalInt(number);
                return in -> assertThat(in.optionalInt()).isEqualTo(number);
            }
            case 3 -> {
                Phase phase = random.nextBoolean() ? null : pick(random, Phase.values());
                out.constant(phase);
                return in -> assertThat(in.constant(Phase.class)).isEqualTo(phase);
            }
            case 4 -> {
                Prices prices = Prices.of(Map.of(pick(random, OUTCOMES), random.nextInt(), "x", random.nextInt()));
                out.prices(prices);
                return in -> assertThat(in.prices()).isEqualTo(prices);
            }
            default -> {
                SortedMap<String, String> texts = new TreeMap<>(Map.of(text(random), text(random)));
                out.texts(texts).flag(texts.isEmpty());
                return in -> {
                    assertThat(in.texts()).isEqualTo(texts);
                    assertThat(in.flag()).isFalse();
                };
            }
        }
    }

    private static String text(Random random) {
        return "é🏆x"
                .repeat(random.nextInt(random.nextInt(9) == 0 ? 300 : 3))
                .concat(Integer.toString(random.nextInt()));
    }

    private static <T> T pick(Random random, T[] from) {
        return from[random.nextInt(from.length)];
    }
}
