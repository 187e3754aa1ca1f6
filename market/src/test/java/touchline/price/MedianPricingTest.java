package touchline.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MedianPricingTest {

    private final Pricing pricing = new MedianPricing();

    @Test
    void oneQuoteIsThePrice() {
        assertThat(price(1850)).isEqualTo(1850);
    }

    @Test
    void theMiddleOneOfAnOddCount() {
        assertThat(price(9000, 1850, 1900)).isEqualTo(1900);
    }

    @Test
    void theMeanOfTheTwoMiddleOnesRoundedDown() {
        assertThat(price(1850, 1901, 1100, 9000)).isEqualTo(1875);
        assertThat(price(Integer.MAX_VALUE, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void eachOutcomeHasItsOwnMedianWhateverTheOrder() {
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            List<Prices> quotes = new ArrayList<>();
            for (int q = 1 + random.nextInt(8); q > 0; q--) {
                quotes.add(Prices.of(Map.of("over", 1_001 + random.nextInt(99), "under", 5_000 + random.nextInt(99))));
            }
            Prices price = pricing.price(List.copyOf(quotes));
            assertThat(price).containsOnlyKeys("over", "under");
            assertThat(price.get("over")).isBetween(1_001, 1_100);
            assertThat(price.get("under")).isBetween(5_000, 5_099);
            Collections.shuffle(quotes, random);
            assertThat(pricing.price(quotes)).isEqualTo(price);
        }
    }

    @Test
    void quotesOfDifferentOutcomesAreAMistakeOfTheCaller() {
        assertThatThrownBy(() -> pricing.price(
                        List.of(Prices.of(Map.of("home", 2000, "draw", 3000)), Prices.of(Map.of("home", 2000)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("{home=2000} cannot be priced together with {draw=3000, home=2000}");
    }

    private Integer price(int... quotes) {
        List<Prices> all = new ArrayList<>();
        for (int quote : quotes) {
            all.add(Prices.of(Map.of("home", quote)));
        }
        return pricing.price(all).getOrDefault("home", -1);
    }
}
