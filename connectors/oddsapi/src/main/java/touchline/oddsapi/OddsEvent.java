package touchline.oddsapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.feed.Bounds;
import touchline.feed.Fixture;
import touchline.feed.Quote;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.feed.View;

/**
 * One event of {@code /odds}. The vendor has no suspended status: a market or bookmaker that is suspended is simply not
 * there, and neither is one that was not refreshed for 15 minutes. Outcomes are told apart by their name, which is the
 * team's; {@code point} is the line, an attribute of the featured markets that moves. An empty {@code bookmakers} is an
 * answer as any other: nobody quotes.
 */
final class OddsEvent {

    private final String match;
    private final String stream;
    private final List<String> asked;
    private final ListingReader.Stamps stamps;
    private final List<Quote> quotes = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final SortedSet<String> unasked = new TreeSet<>();
    private final List<Refused> refused = new ArrayList<>();

    OddsEvent(String match, String stream, List<String> asked, ListingReader.Stamps stamps) {
        this.match = match;
        this.stream = stream;
        this.asked = asked;
        this.stamps = stamps;
    }

    /** What of the event was refused while the rest goes on. */
    List<Refused> refused() {
        return refused;
    }

    /** @throws RefusedException when the event as a whole cannot be used */
    Listing.Match read(JsonNode event) throws RefusedException {
        Fixture fixture = Fields.fixture(event);
        for (JsonNode bookmaker : Fields.array(event, "bookmakers")) {
            bookmaker(fixture, bookmaker);
        }
        Bounds.items("quotes", quotes.size());
        for (String market : unasked) {
            refused.add(
                    new Refused(Refusal.UNKNOWN_MARKET, match, stream, "market=" + market + ": was not asked for", ""));
        }
        long at = quotes.stream().mapToLong(Quote::at).max().orElse(stamps.sentAt());
        View view = new View(true, false, fixture, quotes, List.of(), List.of(), null, List.of());
        Long start = fixture.start();
        return new Listing.Match(match, start == null ? Long.MAX_VALUE : start, false, at, view);
    }

    private void bookmaker(Fixture fixture, JsonNode bookmaker) {
        try {
            Fields.object("bookmaker", bookmaker);
            String key = Bounds.key("bookmaker", Fields.text(bookmaker, "key"));
            for (JsonNode market : Fields.array(bookmaker, "markets")) {
                market(fixture, key, bookmaker, market);
            }
        } catch (RefusedException e) {
            refuse(e, "bookmaker", bookmaker);
        }
    }

    private void market(Fixture fixture, String bookmaker, JsonNode of, JsonNode market) {
        String where = bookmaker;
        try {
            Fields.object("market", market);
            String key = Bounds.market(Fields.text(market, "key"));
            where = bookmaker + " " + key;
            if (!asked.contains(key)) {
                unasked.add(key);
                return;
            }
            if (!seen.add(where)) {
                throw new RefusedException(Refusal.DUPLICATE_OUTCOME, "market: stands there twice");
            }
            boolean own = market.hasNonNull("last_update");
            long at = own ? stamps.at(market, 0) : stamps.at(of, stamps.sentAt());
            quotes.add(quote(fixture, bookmaker, key, at, Fields.array(market, "outcomes")));
        } catch (RefusedException e) {
            refuse(e, where, market);
        }
    }

    private void refuse(RefusedException e, String where, JsonNode part) {
        refused.add(new Refused(e.reason(), match, stream, where + ": " + e.detail(), part.toString()));
    }

    private static Quote quote(Fixture fixture, String bookmaker, String market, long at, JsonNode outcomes)
            throws RefusedException {
        SortedMap<String, Integer> prices = new TreeMap<>();
        SortedMap<String, Integer> points = new TreeMap<>();
        boolean lined = !market.equals("h2h");
        for (JsonNode outcome : outcomes) {
            Fields.object("outcome", outcome);
            String name = Fields.text(outcome, "name");
            String side = market.equals("totals") ? overOrUnder(name) : side(fixture, name);
            int price = Bounds.price("price of " + side, Fields.number(outcome, "price"));
            if (prices.put(side, price) != null) {
                throw new RefusedException(Refusal.DUPLICATE_OUTCOME, "outcome=" + side + ": stands there twice");
            }
            if (lined) {
                points.put(side, Bounds.line("point of " + side, Fields.number(outcome, "point")));
            }
        }
        complete(fixture, market, prices);
        return new Quote(bookmaker, market, at, lined ? line(market, points) : null, prices);
    }

    private static String side(Fixture fixture, String name) throws RefusedException {
        if (name.equals(fixture.home())) {
            return "home";
        }
        if (name.equals(fixture.away())) {
            return "away";
        }
        if (name.equals("Draw")) {
            return "draw";
        }
        throw new RefusedException(
                Refusal.UNKNOWN_OUTCOME,
                "name=" + Bounds.clip(name) + ": is neither " + fixture.home() + " nor " + fixture.away()
                        + " nor Draw");
    }

    private static String overOrUnder(String name) throws RefusedException {
        return switch (name) {
            case "Over" -> "over";
            case "Under" -> "under";
            default ->
                throw new RefusedException(
                        Refusal.UNKNOWN_OUTCOME, "name=" + Bounds.clip(name) + ": is neither Over nor Under");
        };
    }

    /** In soccer a two-way h2h is another bet under the same key: the draw is refunded, or who goes through. */
    private static void complete(Fixture fixture, String market, SortedMap<String, Integer> prices)
            throws RefusedException {
        String sport = fixture.sport();
        Set<String> needed = new TreeSet<>(market.equals("totals") ? Set.of("over", "under") : Set.of("home", "away"));
        if (market.equals("h2h") && sport != null && sport.startsWith("soccer_")) {
            needed.add("draw");
        }
        if (!prices.keySet().containsAll(needed)) {
            throw new RefusedException(
                    Refusal.INCOMPLETE_OUTCOMES, "outcomes=" + prices.keySet() + ": " + needed + " are needed");
        }
        if (market.equals("spreads") && prices.containsKey("draw")) {
            throw new RefusedException(Refusal.UNKNOWN_OUTCOME, "name=Draw: spreads have none");
        }
    }

    /** The home side's line of spreads, the one line of totals. */
    private static @Nullable Integer line(String market, SortedMap<String, Integer> points) throws RefusedException {
        boolean totals = market.equals("totals");
        int one = points.getOrDefault(totals ? "over" : "home", 0);
        int other = points.getOrDefault(totals ? "under" : "away", 0);
        if (one != (totals ? other : -other)) {
            throw new RefusedException(
                    Refusal.LINE_OUT_OF_BOUNDS,
                    "points=" + points + " in thousandths: the two sides are not of one line");
        }
        return one;
    }
}
