package touchline.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A bookmaker with a margin and an opinion of his own. He sees the match late, confirms his prices often and changes
 * them seldom, and takes all of them away when something happens on the pitch.
 *
 * @param margin what the chances of a market add up to, above 1
 * @param delayMs how long after the fact he knows
 * @param refreshMs how often he confirms a price in play
 * @param fine quarter lines where the sport has them
 * @param inPlay how likely he quotes a match that has begun
 */
record SimulatedBookmaker(
        String key, String title, double margin, long delayMs, long refreshMs, boolean fine, double inPlay) {

    static final List<SimulatedBookmaker> ALL = List.of(
            new SimulatedBookmaker("pinnacle", "Pinnacle", 0.03, 1_500, 15_000, true, 1),
            new SimulatedBookmaker("matchbook", "Matchbook", 0.035, 2_000, 20_000, true, 0.8),
            new SimulatedBookmaker("onexbet", "1xBet", 0.06, 5_000, 25_000, true, 1),
            new SimulatedBookmaker("williamhill", "William Hill", 0.065, 4_000, 30_000, false, 0.9),
            new SimulatedBookmaker("paddypower", "Paddy Power", 0.07, 4_500, 30_000, false, 0.9),
            new SimulatedBookmaker("fanduel", "FanDuel", 0.05, 3_000, 20_000, false, 1),
            new SimulatedBookmaker("draftkings", "DraftKings", 0.05, 3_500, 20_000, false, 1),
            new SimulatedBookmaker("betmgm", "BetMGM", 0.06, 6_000, 35_000, false, 0.8),
            new SimulatedBookmaker("betrivers", "BetRivers", 0.065, 8_000, 40_000, false, 0.8),
            new SimulatedBookmaker("bovada", "Bovada", 0.055, 12_000, 40_000, false, 0.7));

    private static final long UPCOMING_REFRESH = 60_000;
    private static final int LIVE_REFRESHES_A_PRICE = 6;
    private static final int UPCOMING_REFRESHES_A_PRICE = 25;

    /** Beyond this a market is as good as decided, and nobody quotes it. */
    private static final double DECIDED = 0.97;

    private static final double LONGEST = 501;

    /** Adds himself to the event, unless he has nothing to say now. */
    void quote(SimulatedMatch match, long now, LongUnaryOperator present, ArrayNode bookmakers) {
        long who = key.hashCode();
        boolean begun = now >= match.start();
        if (now >= match.end() || (begun && Noise.uniform(match.seed(), who, 1) >= inPlay)) {
            return;
        }
        long reopened = Long.MIN_VALUE;
        for (Course.Stop stop : match.course().stops()) {
            long noticed = match.start() + stop.at() + delayMs;
            if (noticed > now) {
                break;
            }
            long back = noticed + (long) (stop.pauseMs() * Noise.between(0.6, 1.4, match.seed(), who, stop.at()));
            if (back > now) {
                return;
            }
            reopened = Math.max(reopened, back);
        }
        long refresh = begun ? refreshMs : UPCOMING_REFRESH;
        long phase = (long) (Noise.uniform(match.seed(), who, 2) * refresh);
        long pricing = refresh * (begun ? LIVE_REFRESHES_A_PRICE : UPCOMING_REFRESHES_A_PRICE);
        long confirmed = Math.max(reopened, now - Math.floorMod(now - phase, refresh));
        long priced = Math.max(reopened, now - Math.floorMod(now - phase, pricing));
        Outlook outlook = match.outlook(priced - delayMs);
        ObjectNode bookmaker = OddsJson.MAPPER.createObjectNode();
        bookmaker.put("key", key);
        bookmaker.put("title", title);
        bookmaker.put("last_update", present.applyAsLong(confirmed));
        markets(match, outlook, priced, present.applyAsLong(confirmed), bookmaker.putArray("markets"));
        if (!bookmaker.path("markets").isEmpty()) {
            bookmakers.add(bookmaker);
        }
    }

    private void markets(SimulatedMatch match, Outlook outlook, long priced, long stamp, ArrayNode markets) {
        double step = match.league().step(fine);
        if (outlook.draw() > 0) {
            market(
                    markets,
                    match,
                    priced,
                    "h2h",
                    stamp,
                    null,
                    List.of(match.home(), match.away(), "Draw"),
                    new double[] {outlook.home(), outlook.away(), outlook.draw()});
        } else {
            market(markets, match, priced, "h2h", stamp, null, List.of(match.home(), match.away()), new double[] {
                outlook.home(), outlook.away()
            });
        }
        double spread = outlook.margin().evenLine(step);
        double covered = outlook.margin().fair(spread);
        market(
                markets,
                match,
                priced,
                "spreads",
                stamp,
                new double[] {-spread, spread},
                List.of(match.home(), match.away()),
                new double[] {covered, 1 - covered});
        double line = outlook.total().evenLine(step);
        double over = outlook.total().fair(line);
        market(
                markets,
                match,
                priced,
                "totals",
                stamp,
                new double[] {line, line},
                List.of("Over", "Under"),
                new double[] {over, 1 - over});
        if (outlook.bothScore() >= 0) {
            market(markets, match, priced, "btts", stamp, null, List.of("Yes", "No"), new double[] {
                outlook.bothScore(), 1 - outlook.bothScore()
            });
        }
    }

    private void market(
            ArrayNode markets,
            SimulatedMatch match,
            long priced,
            String market,
            long stamp,
            double @Nullable [] points,
            List<String> names,
            double[] chances) {
        double sum = 0;
        double[] opinion = new double[chances.length];
        for (int i = 0; i < chances.length; i++) {
            double noise = Noise.between(-0.03, 0.03, match.seed(), key.hashCode(), market.hashCode(), priced, i);
            opinion[i] = Math.max(0.001, chances[i] * (1 + noise));
            sum += opinion[i];
        }
        boolean offered = Noise.uniform(match.seed(), key.hashCode(), market.hashCode(), priced) >= 0.01;
        for (double chance : opinion) {
            offered &= chance / sum <= DECIDED;
        }
        if (!offered) {
            return;
        }
        ObjectNode node = markets.addObject();
        node.put("key", market);
        node.put("last_update", stamp);
        ArrayNode outcomes = node.putArray("outcomes");
        for (int i = 0; i < opinion.length; i++) {
            ObjectNode outcome = outcomes.addObject();
            outcome.put("name", names.get(i));
            outcome.put("price", price(opinion[i] / sum * (1 + margin)));
            if (points != null) {
                // Adding zero turns -0.0 into 0.0.
                outcome.put("point", points[i] + 0.0);
            }
        }
    }

    /** The next lower price that a bookmaker would write. */
    private static BigDecimal price(double chance) {
        double fair = Math.min(LONGEST, 1 / chance);
        int tick = fair < 2 ? 10 : fair < 3 ? 20 : fair < 5 ? 50 : fair < 10 ? 100 : fair < 20 ? 500 : 1_000;
        long milli = (long) (fair * 1_000) / tick * tick;
        return BigDecimal.valueOf(Math.max(1_010, milli), 3).stripTrailingZeros();
    }
}
