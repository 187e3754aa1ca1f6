package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.book.MarketRules;
import touchline.config.Settings;

class PaceTest {

    @Test
    void atLifesOwnSpeedOnlyThePollsAreSet() {
        assertThat(new Pace(1, 1_000).settings())
                .containsOnly(
                        Map.entry("oddsapi.livePollMs", "1000"),
                        Map.entry("oddsapi.upcomingPollMs", "1000"),
                        Map.entry("oddsapi.scoresPollMs", "1000"),
                        Map.entry("job.seenEveryMs", "1000"));
    }

    @Test
    void ruleDurationsShrinkWithTheSpeedAndNeverToNothing() {
        Map<String, String> settings = new Pace(600, 1_500).settings();

        assertThat(settings)
                .containsEntry("market.freshUpcomingMs", "1500")
                .containsEntry("market.freshLiveMs", "150")
                .containsEntry("market.goalHoldMs", "50")
                .containsEntry("market.endAfterMissingMs", "6000")
                .doesNotContainKey("market.tombstoneMs")
                .containsEntry("job.seenEveryMs", "1500");
        settings.keySet().removeIf(key -> !key.startsWith("market."));
        Settings rules = new Settings(settings);
        assertThat(rules.as(MarketRules.class, "market").freshUpcomingMs()).isEqualTo(1_500);
        rules.refuseUnknown();
    }

    @Test
    void refusesASpeedThatIsNone() {
        assertThatThrownBy(() -> new Pace(0, 1)).hasMessageContaining("--speed");
    }
}
