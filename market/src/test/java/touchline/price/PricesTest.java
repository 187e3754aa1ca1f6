package touchline.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PricesTest {

    @Test
    void isTheMapItWasMadeOfInTheOrderOfTheOutcomes() {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            Map<String, Integer> map = new HashMap<>();
            Prices.Builder builder = new Prices.Builder();
            for (int n = random.nextInt(12); n > 0; n--) {
                String outcome = Integer.toString(random.nextInt(100), 36);
                if (map.putIfAbsent(outcome, n) == null) {
                    builder.put(outcome, n);
                }
            }
            Prices prices = builder.build();
            assertThat(prices).isEqualTo(map).hasSameHashCodeAs(map).isEqualTo(Prices.of(map));
            assertThat(map).isEqualTo(prices);
            assertThat(prices.keySet()).containsExactlyElementsOf(new TreeMap<>(map).keySet());
            for (int place = 0; place < prices.size(); place++) {
                assertThat(prices.price(place)).isEqualTo(map.get(prices.outcome(place)));
            }
            assertThat(prices.get("none")).isNull();
        }
    }

    @Test
    void othersWinWhereBothNameAnOutcome() {
        Prices prices = Prices.of(Map.of("home", 2000, "draw", 3000));
        assertThat(prices.with(Prices.of(Map.of("draw", 3100, "away", 4000))))
                .isEqualTo(Map.of("home", 2000, "draw", 3100, "away", 4000));
        assertThat(prices.with(Prices.NONE)).isSameAs(prices);
        assertThat(Prices.NONE.with(prices)).isSameAs(prices);
    }

    @Test
    void agreeOnlyWithPricesOfTheSameOutcomes() {
        Prices prices = Prices.of(Map.of("home", 2000, "draw", 3000));
        assertThat(prices.agreesWith(Prices.of(Map.of("home", 1, "draw", 2)))).isTrue();
        assertThat(prices.agreesWith(prices.of(new int[] {1, 2}))).isTrue();
        assertThat(prices.agreesWith(Prices.of(Map.of("home", 2000)))).isFalse();
        assertThat(prices).isNotEqualTo(Prices.of(Map.of("home", 2000, "draw", 3001)));
    }

    @Test
    void oneOutcomeHasOnePrice() {
        Prices.Builder twice = new Prices.Builder();
        twice.put("home", 2000);
        twice.put("home", 2000);
        assertThatThrownBy(twice::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("home");
        assertThatThrownBy(() -> Prices.NONE.of(new int[1])).isInstanceOf(IllegalArgumentException.class);
    }
}
