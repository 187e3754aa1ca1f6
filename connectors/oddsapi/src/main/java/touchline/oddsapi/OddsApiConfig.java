package touchline.oddsapi;

import java.io.Serializable;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import touchline.config.Secret;
import touchline.config.Setting;

/** What is asked of The Odds API, how often, and what it may cost; prefix {@code oddsapi}. */
public record OddsApiConfig(
        @Setting(value = "https://api.the-odds-api.com", help = "Where the API is; paths /v4/... are appended.")
        String baseUrl,

        @Setting(value = "env:ODDS_API_KEY", help = "The API key, as env:NAME or file:PATH; read at every call.")
        Secret apiKey,

        @Setting(help = "Sport keys, as soccer_epl,basketball_nba; each is polled by itself.")
        List<String> sports,

        @Setting(value = "eu", help = "Bookmakers' regions (us,us2,uk,au,eu,...); each one costs.")
        List<String> regions,

        @Setting(value = "h2h,spreads,totals", help = "Featured markets: h2h, spreads, totals; each one costs.")
        List<String> markets,

        @Setting(value = "", help = "Bookmakers by key instead of regions; ten of them cost as one region.")
        List<String> bookmakers,

        @Setting(value = "20000", help = "A sport with a match in play is asked this often, ms.")
        long livePollMs,

        @Setting(value = "60000", help = "A sport without a match in play is asked this often, ms.")
        long upcomingPollMs,

        @Setting(value = "true", help = "Ask for scores, too.")
        boolean scores,

        @Setting(value = "30000", help = "Scores of a sport with a match in play are asked this often, ms.")
        long scoresPollMs,

        @Setting(
                value = "1",
                help = "Results of so many days back, 1..3, which doubles the cost of scores; 0 for none.")
        int daysFrom,

        @Setting(value = "0", help = "Credits that may be spent in a month; 0 for all that the plan has.")
        long monthlyCredits,

        @Setting(value = "1", help = "Day of the month, 1..28, at whose beginning in UTC the credits are renewed.")
        int creditsResetDay,

        @Setting(
                value = "5",
                help = "Where credits are short, at most so many times the wanted interval is promised; a match that is"
                        + " asked for more seldom counts as silent between polls.")
        int maxStretch,

        @Setting(value = "600000", help = "With no credits left, the free balance probe is made this often, ms.")
        long probeMs,

        @Setting(value = "10000", help = "A call that takes longer, body included, has failed, ms.")
        long timeoutMs,

        @Setting(value = "16777216", help = "Longer answers are refused, bytes after decompression.")
        int maxBodyBytes,

        @Setting(value = "500", help = "First bound of the random pause before a failed call is made again, ms.")
        long retryBaseMs,

        @Setting(value = "30000", help = "Last bound of that pause, ms; it doubles at each failure.")
        long retryMaxMs,

        @Setting(value = "8", help = "So many failures in a row, and a sport is asked at its ordinary pace only.")
        int maxRetries,

        @Setting(
                value = "120000",
                help = "Pause after a refused parameter, and longest one after a refused key: these need a person, ms.")
        long refusedRetryMs,

        @Setting(
                value = "3600000",
                help = "What is refused again and again for one reason at one place is said again after this long, ms.")
        long refusedAgainMs,

        @Setting(value = "1500", help = "A stamp further ahead of this machine's clock is refused, ms.")
        long maxAheadMs,

        @Setting(value = "4", help = "Calls out at one time.")
        int threads)
        implements Serializable {

    static final Set<String> MARKETS = Set.of("h2h", "spreads", "totals");

    public OddsApiConfig {
        sports = List.copyOf(sports);
        regions = List.copyOf(regions);
        markets = List.copyOf(markets);
        bookmakers = List.copyOf(bookmakers);
        URI uri = URI.create(baseUrl);
        if (uri.getHost() == null || uri.getQuery() != null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("baseUrl=" + baseUrl + ": give https://host, without user or query");
        }
        keys("sports", sports);
        keys("regions", regions);
        keys("markets", markets);
        keys("bookmakers", bookmakers);
        check(!sports.isEmpty(), "sports", sports, "name at least one");
        check(!sports.contains("upcoming"), "sports", sports, "upcoming mixes sports that are polled by themselves");
        check(!regions.isEmpty() || !bookmakers.isEmpty(), "regions", regions, "name regions or bookmakers");
        check(!markets.isEmpty() && MARKETS.containsAll(markets), "markets", markets, "use some of " + MARKETS);
        atLeast("livePollMs", livePollMs, 1);
        atLeast("upcomingPollMs", upcomingPollMs, livePollMs);
        atLeast("scoresPollMs", scoresPollMs, 1);
        check(daysFrom >= 0 && daysFrom <= 3, "daysFrom", daysFrom, "use 0..3");
        atLeast("monthlyCredits", monthlyCredits, 0);
        check(creditsResetDay >= 1 && creditsResetDay <= 28, "creditsResetDay", creditsResetDay, "use 1..28");
        atLeast("maxStretch", maxStretch, 1);
        atLeast("probeMs", probeMs, 1);
        atLeast("timeoutMs", timeoutMs, 1);
        atLeast("maxBodyBytes", maxBodyBytes, 1_000);
        atLeast("retryBaseMs", retryBaseMs, 1);
        atLeast("retryMaxMs", retryMaxMs, retryBaseMs);
        atLeast("maxRetries", maxRetries, 0);
        atLeast("refusedRetryMs", refusedRetryMs, 1);
        atLeast("refusedAgainMs", refusedAgainMs, 1);
        atLeast("maxAheadMs", maxAheadMs, 0);
        atLeast("threads", threads, 1);
    }

    /** The same of other sports, markets and bookmakers. */
    OddsApiConfig asking(List<String> sports, List<String> markets, List<String> bookmakers) {
        return new OddsApiConfig(
                baseUrl,
                apiKey,
                sports,
                regions,
                markets,
                bookmakers,
                livePollMs,
                upcomingPollMs,
                scores,
                scoresPollMs,
                daysFrom,
                monthlyCredits,
                creditsResetDay,
                maxStretch,
                probeMs,
                timeoutMs,
                maxBodyBytes,
                retryBaseMs,
                retryMaxMs,
                maxRetries,
                refusedRetryMs,
                refusedAgainMs,
                maxAheadMs,
                threads);
    }

    /** What a call for odds costs when it brings any event: markets times regions. */
    int oddsCost() {
        return markets.size() * (bookmakers.isEmpty() ? regions.size() : (bookmakers.size() + 9) / 10);
    }

    int scoresCost() {
        return daysFrom > 0 ? 2 : 1;
    }

    private static void keys(String name, List<String> keys) {
        for (String key : keys) {
            check(key.matches("[a-z0-9_]{1,60}"), name, key, "use lower case letters, digits and '_'");
        }
        check(new HashSet<>(keys).size() == keys.size(), name, keys, "one of them stands there twice");
    }

    private static void atLeast(String name, long value, long least) {
        check(value >= least, name, value, "at least " + least + " is needed");
    }

    private static void check(boolean holds, String name, Object value, String remedy) {
        if (!holds) {
            throw new IllegalArgumentException(name + "=" + value + ": " + remedy);
        }
    }
}
