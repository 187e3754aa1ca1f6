package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;

class MarketRulesTest {

    /** Whoever changes a default here changes what live books say: the generation has to be raised with it. */
    @Test
    void keysAndDefaultsStayAsTheyAre() {
        List<String> keys = Settings.describe(MarketRules.class, "market").stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        assertThat(keys)
                .containsExactly(
                        "market.generation=1",
                        "market.minQuotes=2",
                        "market.freshLiveMs=90000",
                        "market.freshUpcomingMs=900000",
                        "market.skewMs=2000",
                        "market.goalHoldMs=15000",
                        "market.possibleGoalHoldMs=15000",
                        "market.cardHoldMs=10000",
                        "market.phaseHoldMs=5000",
                        "market.jumpPercent=15",
                        "market.jumpHoldMs=5000",
                        "market.freeScoringSports=basketball,tennis,cricket,baseball,americanfootball,aussierules,rugbyleague,rugbyunion,golf,mma,boxing",
                        "market.endAfterMissingMs=3600000",
                        "market.endAfterSilentMs=86400000",
                        "market.tombstoneMs=691200000",
                        "market.minBooksumPercent=85",
                        "market.maxBooksumPercent=200",
                        "market.futureMs=2000",
                        "market.maxMarkets=200",
                        "market.maxBookmakers=200",
                        "market.maxIncidents=200");
        assertThat(Tell.rules(Map.of()).hash()).isEqualTo("7bbf11156deff54e");
    }

    @Test
    void theHashCoversEverySettingButTheGeneration() {
        String hash = Tell.rules(Map.of()).hash();
        assertThat(Tell.rules(Map.of("generation", "7")).hash()).isEqualTo(hash);
        for (String line : Settings.describe(MarketRules.class, "market")) {
            String key = line.substring("market.".length(), line.indexOf('='));
            String value = line.substring(line.indexOf('=') + 1, line.indexOf(' '));
            if (!key.equals("generation")) {
                String other = key.equals("freeScoringSports") ? "tennis" : Long.toString(Long.parseLong(value) + 1);
                assertThat(Tell.rules(Map.of(key, other)).hash()).as(key).isNotEqualTo(hash);
            }
        }
    }

    @Test
    void rulesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> Tell.rules(Map.of("minQuotes", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("market.*: minQuotes=0 must be at least 1");
        assertThatThrownBy(() -> Tell.rules(Map.of("maxBooksumPercent", "84")))
                .hasMessage("market.*: maxBooksumPercent=84 must be at least 85");
    }
}
