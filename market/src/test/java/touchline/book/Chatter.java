package touchline.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import touchline.feed.FeedRecord;
import touchline.feed.Gone;
import touchline.feed.Incident;
import touchline.feed.Kind;
import touchline.feed.Link;
import touchline.feed.ManualDocument;
import touchline.feed.Period;
import touchline.feed.Phase;
import touchline.feed.Quote;
import touchline.feed.Score;
import touchline.feed.Seq;
import touchline.feed.Stamp;
import touchline.feed.View;
import touchline.price.Prices;

/** Random but repeatable talk about one match, of every kind that sources send, at rising log times. */
final class Chatter {

    /** A record and the log time at which it is heard. */
    record Heard(long t, FeedRecord record) {}

    private static final String[] MARKETS = {"h2h", "totals", "spreads"};
    private static final String[] BOOKMAKERS = {"a", "b", "c", "d"};

    private static final String LINKED = "oddsapi:7";

    private final Random random;
    private final String match;
    private final Map<String, Long> n = new TreeMap<>();
    private long t = Tell.START;
    private int home;
    private int away;

    Chatter(String match, long seed) {
        this.match = match;
        this.random = new Random(seed);
    }

    List<Heard> talk(int records) {
        List<Heard> talk = new ArrayList<>();
        talk.add(say(Tell.ODDS, full()));
        while (talk.size() < records) {
            t += random.nextInt(20) == 0 ? random.nextInt(120_000) : random.nextInt(8_000);
            talk.add(next());
        }
        return talk;
    }

    /** A full view at one line, so that no history decides between two. */
    FeedRecord lastWord(long at) {
        t = at;
        Quote[] quotes = new Quote[BOOKMAKERS.length * 3];
        for (int i = 0; i < BOOKMAKERS.length; i++) {
            int price = 1800 + random.nextInt(400);
            quotes[3 * i] =
                    new Quote(BOOKMAKERS[i], "h2h", at, null, Map.of("home", price, "draw", 3400, "away", 3700));
            quotes[3 * i + 1] = new Quote(BOOKMAKERS[i], "totals", at, 2500, Map.of("over", price, "under", 1900));
            quotes[3 * i + 2] = new Quote(BOOKMAKERS[i], "spreads", at, 0, Map.of("home", price, "away", 1900));
        }
        View view = Tell.full(Tell.fixture(Tell.START - 60_000), quotes);
        return new FeedRecord(match, Tell.ODDS, new Seq(2, at), at, at, 0, view.kind(), view);
    }

    private Heard next() {
        int dice = random.nextInt(100);
        if (dice < 4) {
            return linked(Tell.quotes(some(1 + random.nextInt(2))));
        } else if (dice < 40) {
            return say(Tell.ODDS, Tell.quotes(some(1 + random.nextInt(4))));
        } else if (dice < 48) {
            return say(
                    Tell.ODDS,
                    new View(
                            false,
                            false,
                            null,
                            List.of(),
                            List.of(new Gone(pick(BOOKMAKERS), pick(MARKETS))),
                            List.of(),
                            null,
                            List.of()));
        } else if (dice < 60) {
            String one = pick(BOOKMAKERS);
            String other = pick(BOOKMAKERS);
            Stamp confirmed = new Stamp(one, "h2h", stamp());
            return say(
                    Tell.ODDS,
                    one.equals(other)
                            ? Tell.stamps(confirmed)
                            : Tell.stamps(confirmed, new Stamp(other, pick(MARKETS), stamp())));
        } else if (dice < 66) {
            return say(Tell.ODDS, full());
        } else if (dice < 68) {
            return say(Tell.ODDS, Tell.missing());
        } else if (dice < 80) {
            home += random.nextInt(8) == 0 ? 1 : 0;
            away += random.nextInt(8) == 0 ? 1 : 0;
            return say(Tell.SCORES, Tell.score(home, away, stamp()));
        } else if (dice < 86) {
            return say(Tell.SCORES, incident());
        } else if (dice < 95) {
            return record(Tell.MANUAL, Kind.MANUAL, 0, document());
        } else if (dice < 97) {
            return say("manual/heartbeat", View.seen(List.of()));
        } else if (dice < 98) {
            boolean linked = random.nextBoolean();
            return record("links/links", Kind.LINK, 0, new Link(Link.Direction.TO, "manual:9", linked));
        } else if (dice < 99) {
            return record("links/links", Kind.LINK, 0, new Link(Link.Direction.FROM, LINKED, random.nextBoolean()));
        }
        View over = new View(
                true,
                false,
                null,
                List.of(),
                List.of(),
                List.of(),
                new Score(home, away, random.nextInt(4) == 0, t),
                List.of());
        return say(Tell.SCORES, over);
    }

    private View full() {
        long start = Tell.START + (random.nextBoolean() ? -60_000 : 600_000);
        return Tell.full(Tell.fixture(start), some(8));
    }

    private Quote[] some(int count) {
        Map<String, Quote> quotes = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            Quote quote = quote(pick(BOOKMAKERS), pick(MARKETS));
            quotes.put(quote.bookmaker() + quote.market(), quote);
        }
        return quotes.values().toArray(new Quote[0]);
    }

    private Quote quote(String bookmaker, String market) {
        int one = 1500 + random.nextInt(1000);
        int two = 1500 + random.nextInt(1000);
        return switch (market) {
            case "h2h" ->
                new Quote(
                        bookmaker,
                        market,
                        stamp(),
                        null,
                        random.nextInt(10) == 0
                                ? Map.of("home", one, "away", two)
                                : Map.of("home", one + 400, "draw", 3400, "away", two + 1200));
            case "totals" ->
                new Quote(
                        bookmaker, market, stamp(), 2000 + 500 * random.nextInt(3), Map.of("over", one, "under", two));
            default ->
                new Quote(bookmaker, market, stamp(), -500 + 500 * random.nextInt(3), Map.of("home", one, "away", two));
        };
    }

    private View incident() {
        Incident incident = new Incident(
                "i" + random.nextInt(5),
                pick(Incident.Type.values()),
                random.nextBoolean() ? Incident.Side.HOME : null,
                pick(Incident.State.values()),
                stamp());
        return new View(false, false, null, List.of(), List.of(), List.of(), null, List.of(incident));
    }

    private ManualDocument document() {
        List<ManualDocument.Market> markets = random.nextInt(3) > 0
                ? List.of()
                : List.of(new ManualDocument.Market(
                        "h2h", null, stamp(), Prices.of(Map.of("home", 1900, "draw", 3500, "away", 4100))));
        List<String> suspend = random.nextInt(3) > 0 ? List.of() : List.of(random.nextBoolean() ? "*" : "totals");
        return new ManualDocument(
                null,
                random.nextInt(12) == 0 ? pick(Phase.values()) : null,
                random.nextInt(3) == 0 ? pick(Period.values()) : null,
                random.nextInt(4) == 0 ? new Score(home, away, false, stamp()) : null,
                null,
                markets,
                List.of(),
                suspend,
                random.nextInt(20) == 0);
    }

    private long stamp() {
        return t - random.nextInt(30_000);
    }

    private Heard say(String source, View view) {
        return record(source, view.kind(), 5_000 + random.nextInt(30_000), view);
    }

    /** A match that may be linked to this one, or may have been, speaks. */
    private Heard linked(View view) {
        long seq = n.merge(LINKED, 1L, Long::sum);
        return new Heard(
                t, new FeedRecord(match, Tell.ODDS, LINKED, new Seq(1, seq), t - 5, t - 2, 20_000, view.kind(), view));
    }

    private Heard record(String source, Kind kind, long nextMs, touchline.feed.Body body) {
        long seq = n.merge(source, 1L, Long::sum);
        return new Heard(t, new FeedRecord(match, source, new Seq(1, seq), t - 5, t - 2, nextMs, kind, body));
    }

    private <T> T pick(T[] from) {
        return from[random.nextInt(from.length)];
    }
}
