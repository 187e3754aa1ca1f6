package touchline.book;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.config.Settings;
import touchline.feed.FeedRecord;
import touchline.feed.Fixture;
import touchline.feed.Gone;
import touchline.feed.Kind;
import touchline.feed.ManualDocument;
import touchline.feed.Quote;
import touchline.feed.Score;
import touchline.feed.Seq;
import touchline.feed.Stamp;
import touchline.feed.View;
import touchline.update.MarketUpdate;

/** A conversation with the machine about one match, in a test: says things at log times and holds what came of it. */
final class Tell {

    static final String ODDS = "oddsapi/odds";
    static final String SCORES = "oddsapi/scores";
    static final String MANUAL = "manual/documents";
    static final long START = 1_000_000_000L;

    final MapStore store = new MapStore();
    final String match;
    final MarketMachine machine;
    final Map<String, String> cells = new TreeMap<>();
    final List<MarketUpdate> said = new java.util.ArrayList<>();
    final List<Quotation> quotations = new java.util.ArrayList<>();
    final List<touchline.feed.Refused> refused = new java.util.ArrayList<>();
    private long n;

    Tell(String match) {
        this(match, rules(Map.of()));
    }

    Tell(String match, MarketRules rules) {
        this.match = match;
        this.machine = new MarketMachine(rules);
    }

    static MarketRules rules(Map<String, String> changes) {
        Map<String, String> settings = new LinkedHashMap<>();
        changes.forEach((key, value) -> settings.put("market." + key, value));
        return new Settings(settings).as(MarketRules.class, "market");
    }

    static Fixture fixture(long start) {
        return new Fixture("soccer_epl", "EPL", "Arsenal", "Chelsea", start);
    }

    static Quote h2h(String bookmaker, long at, double home, double draw, double away) {
        return new Quote(
                bookmaker, "h2h", at, null, Map.of("home", milli(home), "draw", milli(draw), "away", milli(away)));
    }

    static Quote totals(String bookmaker, long at, double line, double over, double under) {
        return new Quote(bookmaker, "totals", at, milli(line), Map.of("over", milli(over), "under", milli(under)));
    }

    static int milli(double value) {
        return (int) Math.round(value * 1000);
    }

    static View full(Fixture fixture, Quote... quotes) {
        return new View(true, false, fixture, List.of(quotes), List.of(), List.of(), null, List.of());
    }

    static View quotes(Quote... quotes) {
        return new View(false, false, null, List.of(quotes), List.of(), List.of(), null, List.of());
    }

    static View gone(String bookmaker, String market) {
        return new View(
                false, false, null, List.of(), List.of(new Gone(bookmaker, market)), List.of(), null, List.of());
    }

    static View missing() {
        return new View(false, true, null, List.of(), List.of(), List.of(), null, List.of());
    }

    static View stamps(Stamp... stamps) {
        return View.seen(List.of(stamps));
    }

    static View score(int home, int away, long at) {
        return new View(
                false, false, null, List.of(), List.of(), List.of(), new Score(home, away, false, at), List.of());
    }

    Tell view(long t, String source, View view) {
        return view(t, source, 60_000, view);
    }

    Tell view(long t, String source, long nextMs, View view) {
        return hear(new FeedRecord(match, source, new Seq(1, ++n), t, t, nextMs, view.kind(), view), t);
    }

    Tell manual(long t, ManualDocument document) {
        return hear(new FeedRecord(match, MANUAL, new Seq(1, ++n), t, t, 0, Kind.MANUAL, document), t);
    }

    Tell hear(FeedRecord record, long t) {
        return take(machine.apply(store, record, t));
    }

    Tell wake(long t) {
        return take(machine.wake(store, match, t));
    }

    private Tell take(Step step) {
        for (MarketUpdate update : step.updates()) {
            said.add(update);
            if (update.kind() != MarketUpdate.Kind.PATCH) {
                cells.clear();
            }
            update.del().forEach(cells::remove);
            cells.putAll(update.set());
        }
        quotations.addAll(step.quotations());
        refused.addAll(step.refused());
        return this;
    }

    @Nullable
    String cell(String cell) {
        return cells.get(cell);
    }

    MarketUpdate last() {
        return said.get(said.size() - 1);
    }
}
