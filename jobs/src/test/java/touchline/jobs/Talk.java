package touchline.jobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import touchline.feed.FeedRecord;
import touchline.feed.Fixture;
import touchline.feed.Gone;
import touchline.feed.Incident;
import touchline.feed.Quote;
import touchline.feed.Score;
import touchline.feed.Seq;
import touchline.feed.Stamp;
import touchline.feed.View;

/** A seeded provider: plausible feed records about many matches, each with a rising sequence. */
final class Talk {

    private static final List<String> BOOKMAKERS = List.of("one", "two", "three", "four");

    private final Random random;
    private final long now = System.currentTimeMillis();
    private final Map<String, Long> places = new HashMap<>();
    private final Map<String, Integer> goals = new HashMap<>();

    Talk(long seed) {
        random = new Random(seed);
    }

    static String match(int number) {
        return "t:" + number;
    }

    /** The first full view of a match that is in play. */
    FeedRecord fixture(String match) {
        Fixture fixture = new Fixture("soccer_epl", "EPL", "Home " + match, "Away " + match, now - 600_000);
        List<Quote> quotes = new ArrayList<>();
        for (String bookmaker : BOOKMAKERS) {
            quotes.add(h2h(bookmaker));
            quotes.add(totals(bookmaker));
        }
        return odds(match, new View(true, false, fixture, quotes, List.of(), List.of(), null, List.of()));
    }

    /** Anything that a provider may say next. */
    FeedRecord next(String match) {
        String bookmaker = BOOKMAKERS.get(random.nextInt(BOOKMAKERS.size()));
        int what = random.nextInt(100);
        if (what < 60) {
            return odds(match, quotes(List.of(h2h(bookmaker), totals(bookmaker)), List.of()));
        } else if (what < 70) {
            return odds(match, quotes(List.of(), List.of(new Gone(bookmaker, "totals"))));
        } else if (what < 85) {
            return odds(match, View.seen(List.of(new Stamp(bookmaker, "h2h", stamp()))));
        } else if (what < 90) {
            int home = goals.merge(match, 1, Integer::sum);
            Score score = new Score(home, 0, false, stamp());
            return record(
                    match,
                    "oddsapi/scores",
                    new View(false, false, null, List.of(), List.of(), List.of(), score, List.of()));
        }
        Incident incident = new Incident(
                "i" + random.nextInt(5), Incident.Type.CORNER, Incident.Side.HOME, Incident.State.CONFIRMED, stamp());
        return odds(match, new View(false, false, null, List.of(), List.of(), List.of(), null, List.of(incident)));
    }

    private static View quotes(List<Quote> quotes, List<Gone> gone) {
        return new View(false, false, null, quotes, gone, List.of(), null, List.of());
    }

    private Quote h2h(String bookmaker) {
        return new Quote(
                bookmaker, "h2h", stamp(), null, Map.of("home", price(2000), "draw", price(3300), "away", price(3500)));
    }

    private Quote totals(String bookmaker) {
        return new Quote(bookmaker, "totals", stamp(), 2500, Map.of("over", price(1900), "under", price(1900)));
    }

    private int price(int around) {
        return around + 10 * (random.nextInt(11) - 5);
    }

    private long stamp() {
        return now + random.nextInt(1000);
    }

    private FeedRecord odds(String match, View view) {
        return record(match, "oddsapi/odds", view);
    }

    private FeedRecord record(String match, String source, View view) {
        long n = places.merge(match + source, 1L, Long::sum);
        return new FeedRecord(match, source, new Seq(1, n), now, now, 60_000, view.kind(), view);
    }
}
