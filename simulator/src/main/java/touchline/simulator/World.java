package touchline.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.feed.Fixture;
import touchline.feed.Incident;
import touchline.feed.ManualDocument;
import touchline.feed.Phase;
import touchline.feed.Quote;
import touchline.feed.Score;
import touchline.feed.View;
import touchline.price.Prices;

/**
 * What happens on the pitch, at the bookmakers and at the operators' desk, and what each of them says of it when asked. All
 * that the chain knows it knows from here.
 */
final class World {

    static final String CANONICAL = "manual:m";
    static final String LINKABLE = "oddsapi:b";

    private static final List<String> BOOKMAKERS = List.of("x", "y", "z");
    private static final List<Incident.State> STATES = List.of(Incident.State.values());
    private static final int[] PRICES = {1_800, 1_850, 1_900, 2_000, 2_500};

    /** A provider's match. */
    static final class Listed {
        final String id;
        private final SortedMap<String, Quote> quotes = new TreeMap<>();
        private final Map<String, Long> stamps = new HashMap<>();
        private long start;
        private int home;
        private int away;
        private boolean completed;
        private long scoredAt;
        private int line = 2_500;
        private boolean missing;
        private @Nullable View odds;

        Listed(String id) {
            this.id = id;
        }
    }

    /** Something that an operator has committed. */
    sealed interface Row permits Document, LinkRow {}

    record Document(String match, long rev, ManualDocument body, long at) implements Row {}

    /** @param match the one that the provider's match is, null for none */
    record LinkRow(
            String provider,
            @Nullable String match,
            @Nullable String was,
            long rev,
            long at) implements Row {}

    private final Chain chain;
    private final SortedMap<String, Listed> listed = new TreeMap<>();
    private final SortedSet<String> ids = new TreeSet<>();
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Long> revs = new HashMap<>();
    private @Nullable String linked;
    private boolean calm;

    World(Chain chain) {
        this.chain = chain;
        for (String id : List.of("oddsapi:a", LINKABLE)) {
            Listed match = new Listed(id);
            match.start = chain.time.now() + (chain.chance(70) ? -60_000 : chain.upTo(9_000));
            listed.put(id, match);
            BOOKMAKERS.forEach(bookmaker -> requote(match, bookmaker));
        }
        ids.addAll(listed.keySet());
        ids.add(CANONICAL);
    }

    void start() {
        chain.time.in(100, this::live);
    }

    /** Every match of which anybody ever speaks. */
    SortedSet<String> inLog() {
        return ids;
    }

    String any() {
        return new ArrayList<>(ids).get(chain.random.nextInt(ids.size()));
    }

    List<Row> rows() {
        return rows;
    }

    Listed listed(String id) {
        return Objects.requireNonNull(listed.get(id), id);
    }

    SortedSet<String> providers() {
        return new TreeSet<>(listed.keySet());
    }

    // What is said when asked.

    /** @param first the first question since the asker began: much may have happened since it last asked that node */
    View odds(Listed match, boolean first) {
        if (match.missing) {
            return new View(false, true, null, List.of(), List.of(), List.of(), null, List.of());
        }
        View before = match.odds;
        if (!calm && before != null && chain.oneIn(first ? 3 : 15)) {
            // Some node of the provider's has not heard the news yet.
            return before;
        }
        Fixture fixture = new Fixture("soccer_epl", "EPL", "Home " + match.id, "Away", match.start);
        View view = new View(
                true, false, fixture, new ArrayList<>(match.quotes.values()), List.of(), List.of(), null, List.of());
        if (before == null || chain.oneIn(3)) {
            match.odds = view;
        }
        return view;
    }

    View score(Listed match) {
        Score score =
                new Score(match.home, match.away, match.completed, Math.max(match.scoredAt, chain.time.now() - 50));
        return new View(true, false, null, List.of(), List.of(), List.of(), score, List.of());
    }

    boolean hasScore(Listed match) {
        return match.start <= chain.time.now();
    }

    // What happens.

    private void live() {
        if (calm) {
            listed.values().forEach(this::confirm);
            chain.time.in(700, this::live);
            return;
        }
        Listed match = listed(chain.oneIn(2) ? "oddsapi:a" : LINKABLE);
        int dice = chain.random.nextInt(100);
        if (dice < 34) {
            requote(match, bookmaker());
        } else if (dice < 58) {
            confirm(match);
        } else if (dice < 66) {
            goal(match);
        } else if (dice < 72) {
            match.quotes.remove(bookmaker() + (chain.oneIn(2) ? " h2h" : " totals"));
        } else if (dice < 76) {
            match.line = chain.oneIn(2) ? 2_500 : 3_500;
        } else if (dice < 79) {
            match.missing = true;
            chain.time.in(chain.upTo(2_500), () -> match.missing = false);
        } else if (dice < 80) {
            match.completed = match.start <= chain.time.now() && chain.oneIn(3);
        } else if (dice < 82) {
            match.start += chain.upTo(4_000) - 2_000;
        } else if (dice < 94) {
            commit();
        } else if (dice < 97) {
            link();
        } else {
            poison();
        }
        chain.time.in(20 + chain.upTo(350), this::live);
    }

    private String bookmaker() {
        return BOOKMAKERS.get(chain.random.nextInt(BOOKMAKERS.size()));
    }

    private void requote(Listed match, String bookmaker) {
        int one = PRICES[chain.random.nextInt(PRICES.length)];
        int two = PRICES[chain.random.nextInt(PRICES.length)];
        long at = stamp(match, bookmaker);
        match.quotes.put(
                bookmaker + " h2h",
                new Quote(bookmaker, "h2h", at, null, Map.of("home", one + 400, "draw", 3_400, "away", two + 1_200)));
        match.quotes.put(
                bookmaker + " totals",
                new Quote(bookmaker, "totals", at, match.line, Map.of("over", one, "under", 1_900)));
    }

    /** The same prices, as of now. */
    private void confirm(Listed match) {
        match.quotes.replaceAll((key, quote) -> new Quote(
                quote.bookmaker(), quote.market(), stamp(match, quote.bookmaker()), quote.line(), quote.prices()));
    }

    /** Somewhat old, but never older than the one before. */
    private long stamp(Listed match, String bookmaker) {
        return match.stamps.merge(bookmaker, chain.time.now() - chain.upTo(200), Math::max);
    }

    private void goal(Listed match) {
        if (match.start > chain.time.now() || match.completed) {
            return;
        }
        match.home += chain.random.nextInt(2);
        match.away += chain.oneIn(6) ? -Math.min(1, match.away) : chain.random.nextInt(2);
        match.scoredAt = chain.time.now() - chain.upTo(100);
        if (chain.oneIn(2)) {
            match.quotes.clear();
        }
        // Some come back with the prices that they had.
        chain.time.in(chain.upTo(2_500), () -> BOOKMAKERS.forEach(bookmaker -> requote(match, bookmaker)));
    }

    private void commit() {
        String match = chain.oneIn(2) ? CANONICAL : any();
        long rev = revs.merge(match, 1L, Long::sum);
        boolean own = match.equals(CANONICAL);
        long now = chain.time.now();
        List<ManualDocument.Market> markets = new ArrayList<>();
        if (chain.oneIn(2)) {
            markets.add(new ManualDocument.Market("btts", null, now, Prices.of(Map.of("yes", price(), "no", price()))));
        }
        if (chain.oneIn(5)) {
            Map<String, Integer> prices = Map.of("home", 2_200, "draw", 3_300, "away", price() + 1_300);
            markets.add(new ManualDocument.Market("h2h", null, now, Prices.of(prices)));
        }
        List<String> suspend = chain.oneIn(4) ? List.of("*") : chain.oneIn(4) ? List.of("h2h") : List.of();
        List<Incident> incidents = new ArrayList<>();
        if (chain.oneIn(4)) {
            Incident.State state = STATES.get(chain.random.nextInt(STATES.size()));
            incidents.add(new Incident("i" + chain.upTo(2), Incident.Type.VAR, null, state, now));
        }
        ManualDocument document = new ManualDocument(
                own ? new Fixture("soccer_epl", "EPL", "M1", "M2", now - 1_000) : null,
                own ? Phase.LIVE : null,
                null,
                own && chain.oneIn(3) ? new Score(chain.upTo(2), 0, false, now) : null,
                null,
                markets,
                incidents,
                suspend,
                chain.oneIn(20));
        rows.add(new Document(match, rev, document, now));
        chain.ingest.committed();
    }

    private int price() {
        return PRICES[chain.random.nextInt(PRICES.length)];
    }

    private void link() {
        String was = linked;
        linked = was == null ? CANONICAL : null;
        rows.add(new LinkRow(LINKABLE, linked, was, revs.merge("link", 1L, Long::sum), chain.time.now()));
        chain.ingest.committed();
    }

    /** Somebody writes what nobody can use. */
    private void poison() {
        String text = chain.oneIn(2)
                ? "{\"match\":\"oddsapi:a\",\"source\":"
                : "{\"match\":\"oddsapi:a\",\"kind\":\"fixture\",\"seq\":[1,\"x\"]}";
        chain.log.appendPayload("oddsapi:a", text);
    }

    /** Nothing changes any more; every price is confirmed again and again. */
    void calm() {
        calm = true;
        for (Listed match : listed.values()) {
            match.missing = false;
            for (String bookmaker : BOOKMAKERS) {
                Quote h2h = match.quotes.get(bookmaker + " h2h");
                Quote totals = match.quotes.get(bookmaker + " totals");
                if (h2h == null
                        || totals == null
                        || !Integer.valueOf(match.line).equals(totals.line())) {
                    requote(match, bookmaker);
                }
            }
        }
    }

    /** The quotes of a market as they are. */
    List<Quote> quotes(String provider, String market) {
        List<Quote> quotes = new ArrayList<>();
        for (Quote quote : listed(provider).quotes.values()) {
            if (quote.market().equals(market)) {
                quotes.add(quote);
            }
        }
        return quotes;
    }

    boolean isLinked(String provider) {
        return provider.equals(LINKABLE) && linked != null;
    }
}
