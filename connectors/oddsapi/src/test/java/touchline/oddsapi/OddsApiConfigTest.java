package touchline.oddsapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.config.Settings;

class OddsApiConfigTest {

    @Test
    void keepsItsKeysAndDefaults() {
        assertThat(Settings.describe(OddsApiConfig.class, "oddsapi"))
                .extracting(line -> line.substring(0, line.indexOf("   #")))
                .containsExactly(
                        "oddsapi.baseUrl=https://api.the-odds-api.com",
                        "oddsapi.apiKey=env:ODDS_API_KEY",
                        "oddsapi.sports=(required)",
                        "oddsapi.regions=eu",
                        "oddsapi.markets=h2h,spreads,totals",
                        "oddsapi.bookmakers=",
                        "oddsapi.livePollMs=20000",
                        "oddsapi.upcomingPollMs=60000",
                        "oddsapi.scores=true",
                        "oddsapi.scoresPollMs=30000",
                        "oddsapi.daysFrom=1",
                        "oddsapi.monthlyCredits=0",
                        "oddsapi.creditsResetDay=1",
                        "oddsapi.maxStretch=5",
                        "oddsapi.probeMs=600000",
                        "oddsapi.timeoutMs=10000",
                        "oddsapi.maxBodyBytes=16777216",
                        "oddsapi.retryBaseMs=500",
                        "oddsapi.retryMaxMs=30000",
                        "oddsapi.maxRetries=8",
                        "oddsapi.refusedRetryMs=120000",
                        "oddsapi.refusedAgainMs=3600000",
                        "oddsapi.maxAheadMs=1500",
                        "oddsapi.threads=4");
    }

    @ParameterizedTest
    @CsvSource({
        "sports, ''",
        "sports, upcoming",
        "sports, 'soccer_epl,soccer_epl'",
        "sports, soccer epl",
        "sports, ../../x",
        "regions, ''",
        "markets, ''",
        "markets, outrights",
        "baseUrl, not a url",
        "baseUrl, https://host/?apiKey=1",
        "upcomingPollMs, 1000",
        "livePollMs, 0",
        "daysFrom, 4",
        "creditsResetDay, 31",
        "monthlyCredits, -1",
        "retryMaxMs, 1",
        "threads, 0",
    })
    void refusesWhatCannotWorkAndNamesIt(String key, String value) {
        assertThatThrownBy(() -> Configs.of(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("oddsapi");
    }

    @ParameterizedTest
    @CsvSource({"eu, '', 3", "'eu,us', '', 6", "eu, 'a,b', 3", "'eu,us', 'a,b,c,d,e,f,g,h,i,j,k', 6"})
    void knowsWhatACallCosts(String regions, String bookmakers, int cost) {
        assertThat(Configs.of(Map.of("regions", regions, "bookmakers", bookmakers))
                        .oddsCost())
                .isEqualTo(cost);
    }
}
