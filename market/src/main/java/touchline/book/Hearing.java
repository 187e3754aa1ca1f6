package touchline.book;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.book.MarketBook.Held;
import touchline.feed.Decimal;
import touchline.feed.FeedRecord;
import touchline.feed.Gone;
import touchline.feed.Incident;
import touchline.feed.Link;
import touchline.feed.ManualDocument;
import touchline.feed.Quote;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.feed.Score;
import touchline.feed.Stamp;
import touchline.feed.View;

/** Takes what a record says into the book, without judging it; what cannot be used is refused part by part. */
final class Hearing {

    private final MarketRules rules;
    private final MarketRuling ruling;
    private final Draft draft;
    private final FeedRecord record;
    /** The record's stream, as the book knows it. */
    private final String source;

    private final List<Refused> refused = new ArrayList<>();

    Hearing(MarketRules rules, MarketRuling ruling, Draft draft, FeedRecord record) {
        this.rules = rules;
        this.ruling = ruling;
        this.draft = draft;
        this.record = record;
        this.source = Stream.of(record);
    }

    List<Refused> refused() {
        return refused;
    }

    void hear(View view) {
        MatchBook book = draft.book;
        Stream stream = book.stream(source);
        if (view.fixture() != null) {
            book.fixtures.put(teller(record.provider(), record.from()), view.fixture());
        }
        if (view.missing()) {
            stream.missingSince = stream.missingSince == 0 ? draft.now : stream.missingSince;
            dropQuotes(source, Set.of());
            return;
        }
        stream.missingSince = 0;
        stream.quotes |= !view.quotes().isEmpty();
        if (view.full()) {
            dropQuotes(source, named(view));
            if (!stream.full) {
                stream.full = true;
                draft.lift(partial(), 0, draft.now);
            }
        } else if (!stream.full && !view.quotes().isEmpty() && !draft.isRaised(partial())) {
            draft.raise(partial(), new Cause(Reason.SOURCE_SILENT, draft.now, Cause.OPEN_ENDED, false));
        }
        for (Quote quote : view.quotes()) {
            hear(quote);
        }
        for (Gone gone : view.gone()) {
            drop(gone.market(), gone.bookmaker());
        }
        for (Stamp stamp : view.stamps()) {
            hear(stamp);
        }
        Score score = view.score();
        if (score != null) {
            hear(score);
        }
        for (Incident incident : view.incidents()) {
            hear(incident, false);
        }
    }

    /** A source that never had a score that could be read has none: its other words count all the same. */
    private void hear(Score score) {
        Score before = draft.book.scores.get(source);
        if (score.hasNumbers() || score.completed() || before != null) {
            draft.book.scores.put(source, score.after(before));
        }
    }

    void hear(ManualDocument document) {
        MatchBook book = draft.book;
        Operator before = book.operator;
        book.operator = document.deleted() ? Operator.SILENT : Operator.of(document);
        Stream heartbeat = book.streams.get(record.provider() + Stream.HEARTBEAT);
        if (document.deleted() && heartbeat != null) {
            heartbeat.nextMs = 0;
        }
        for (ManualDocument.Market priced : document.markets()) {
            if (!document.deleted() && hasRoom(priced.market())) {
                MarketBook market = draft.touch(priced.market());
                market.manual = MarketBook.Manual.of(priced, market.manual, draft.now);
            }
        }
        for (String key : before.markets()) {
            if (!book.operator.markets().contains(key) && draft.has(key)) {
                MarketBook market = draft.touch(key);
                market.manual = null;
                if (market.quotes.isEmpty()) {
                    draft.remove(key, market);
                }
            }
        }
        if (!before.suspend().equals(book.operator.suspend())) {
            draft.touchAll();
        }
        Set<String> named = new HashSet<>();
        for (Incident incident : document.deleted() ? List.<Incident>of() : document.incidents()) {
            named.add(key(incident));
            hear(incident, true);
        }
        for (String key : new TreeSet<>(book.incidents.keySet())) {
            if (key.startsWith(source + " ") && !named.contains(key)) {
                book.incidents.remove(key);
                draft.lift(cause(key), draft.now, draft.now);
            }
        }
    }

    /** The match does not run: what operators say holds when it is listed again. */
    void keep(ManualDocument document) {
        MatchBook book = draft.book;
        SortedMap<String, MarketBook.Manual> before = new TreeMap<>(book.kept);
        book.operator = document.deleted() ? Operator.SILENT : Operator.of(document);
        book.kept.clear();
        for (ManualDocument.Market priced : document.markets()) {
            if (!document.deleted() && book.kept.size() < rules.maxMarkets()) {
                MarketBook.Manual was = before.get(priced.market());
                book.kept.put(priced.market(), MarketBook.Manual.of(priced, was, draft.now));
            }
        }
    }

    /**
     * An operator says that a provider's match is this one, or no longer is; then all that it told is dropped. Nobody
     * else's: another match may be linked in its place, and of two matches' links either may be heard first.
     */
    void hear(Link link) {
        book().stream(source).full = link.linked();
        if (!link.linked()) {
            for (String stream : new TreeSet<>(book().streams.keySet())) {
                if (link.other().equals(Stream.origin(stream)) && !Stream.isLink(stream)) {
                    drop(stream);
                }
            }
            book().fixtures.remove(teller(FeedRecord.providerOf(link.other()), link.other()));
            draft.touchAll();
        }
    }

    private void drop(String stream) {
        dropQuotes(stream, Set.of());
        book().scores.remove(stream);
        book().stream(stream).forget();
        draft.lift("partial " + stream, 0, draft.now);
        for (String key : new TreeSet<>(book().incidents.keySet())) {
            if (key.startsWith(stream + " ")) {
                book().incidents.remove(key);
                draft.lift(cause(key), draft.now, draft.now);
            }
        }
    }

    private MatchBook book() {
        return draft.book;
    }

    /** Whose fixture it is: a provider's, or that of the provider's match that is linked here. */
    private static String teller(String provider, @Nullable String from) {
        return from == null ? provider : provider + "@" + from;
    }

    private void hear(Quote quote) {
        String key = quote.bookmaker() + " " + quote.market();
        try {
            ruling.check(quote, draft.now);
            if (!hasRoom(quote.market())) {
                return;
            }
        } catch (RefusedException e) {
            drop(quote.market(), quote.bookmaker());
            refused.add(new Refused(e.reason(), draft.match, record.source(), e.detail(), payload(quote)));
            return;
        }
        MarketBook market = draft.touch(quote.market());
        Held held = market.held(source, quote.bookmaker());
        if (held != null && quote.at() < held.at()) {
            market.hold(source, quote.bookmaker(), held.behind(quote.line(), quote.prices()));
            return;
        }
        if (held == null && market.quoted() >= rules.maxBookmakers()) {
            refused.add(new Refused(
                    Refusal.TOO_MANY,
                    draft.match,
                    record.source(),
                    key + ": the market has " + rules.maxBookmakers() + " bookmakers already",
                    payload(quote)));
            return;
        }
        market.hold(source, quote.bookmaker(), new Held(past(quote.at()), quote.line(), quote.prices(), null));
    }

    /** A stamp from the future is no older than this: what happens next must not look older than it. */
    private long past(long at) {
        return Math.min(at, draft.now);
    }

    private void hear(Stamp stamp) {
        if (!draft.has(stamp.market()) || stamp.at() > draft.now + rules.futureMs()) {
            return;
        }
        MarketBook market = draft.touch(stamp.market());
        Held held = market.held(source, stamp.bookmaker());
        if (held != null) {
            market.hold(source, stamp.bookmaker(), held.confirmed(past(stamp.at())));
        }
    }

    private void hear(Incident incident, boolean byOperator) {
        MatchBook book = draft.book;
        String key = key(incident);
        Incident before = book.incidents.put(key, incident);
        if (incident.equals(before)) {
            return;
        }
        if (book.incidents.size() > rules.maxIncidents()) {
            // One that still suspends stays; there are never more of these than decided ones make room for.
            book.incidents.entrySet().stream()
                    .filter(entry -> !draft.isRaised(cause(entry.getKey())))
                    .min(Map.Entry.<String, Incident>comparingByValue((a, b) -> Long.compare(a.at(), b.at()))
                            .thenComparing(Map.Entry.comparingByKey()))
                    .ifPresent(oldest -> book.incidents.remove(oldest.getKey()));
        }
        long stamp = byOperator ? draft.now : stamp(incident, before);
        if (incident.state() == Incident.State.OPEN) {
            open(incident, cause(key), stamp, byOperator);
            return;
        }
        boolean confirmed = incident.state() == Incident.State.CONFIRMED;
        boolean stood = before != null && before.state() == Incident.State.CONFIRMED;
        draft.lift(cause(key), stamp, draft.now + (confirmed ? rules.goalHoldMs() : 0));
        if (confirmed || stood) {
            decided(incident, cause(key), stamp, byOperator);
        }
    }

    /** When it came to be so; a change of its state happened when it was told, not when it all began. */
    private long stamp(Incident incident, @Nullable Incident before) {
        long at = before == null ? incident.at() : Math.max(incident.at(), record.at());
        if (at == 0) {
            at = record.at() == 0 ? draft.now : record.at();
        }
        return past(at);
    }

    private void open(Incident incident, String cause, long stamp, boolean byOperator) {
        switch (incident.type()) {
            case POSSIBLE_GOAL ->
                draft.raise(
                        cause,
                        new Cause(Reason.POSSIBLE_GOAL, stamp, draft.now + rules.possibleGoalHoldMs(), byOperator));
            case PENALTY -> draft.raise(cause, new Cause(Reason.PENALTY, stamp, Cause.OPEN_ENDED, byOperator));
            case VAR -> draft.raise(cause, new Cause(Reason.VAR, stamp, Cause.OPEN_ENDED, byOperator));
            default -> {}
        }
    }

    /** It stands now, or it stood and was taken back: either way the prices from before are wrong. */
    private void decided(Incident incident, String cause, long stamp, boolean byOperator) {
        switch (incident.type()) {
            case GOAL, POSSIBLE_GOAL ->
                draft.raise(MatchRules.GOAL, new Cause(Reason.GOAL, stamp, draft.now + rules.goalHoldMs(), byOperator));
            case PENALTY ->
                draft.raise(cause, new Cause(Reason.PENALTY, stamp, draft.now + rules.goalHoldMs(), byOperator));
            case VAR -> draft.raise(cause, new Cause(Reason.VAR, stamp, draft.now + rules.goalHoldMs(), byOperator));
            case RED_CARD ->
                draft.raise(cause, new Cause(Reason.RED_CARD, stamp, draft.now + rules.cardHoldMs(), byOperator));
            default -> {}
        }
    }

    private boolean hasRoom(String key) {
        if (draft.has(key) || draft.book.marketWakes.size() < rules.maxMarkets()) {
            return true;
        }
        refused.add(new Refused(
                Refusal.TOO_MANY,
                draft.match,
                record.source(),
                "market=" + key + ": the match has " + rules.maxMarkets() + " markets already",
                ""));
        return false;
    }

    /** {@code <bookmaker> <market>} of all quotes that the view names. */
    private static Set<String> named(View view) {
        Set<String> named = new HashSet<>();
        view.quotes().forEach(quote -> named.add(quote.bookmaker() + " " + quote.market()));
        view.stamps().forEach(stamp -> named.add(stamp.bookmaker() + " " + stamp.market()));
        return named;
    }

    private void dropQuotes(String source, Set<String> kept) {
        for (String key : new TreeSet<>(draft.book.marketWakes.keySet())) {
            draft.touch(key).drop(source, bookmaker -> kept.contains(bookmaker + " " + key));
        }
    }

    private void drop(String market, String bookmaker) {
        if (draft.has(market)) {
            draft.touch(market).drop(source, bookmaker);
        }
    }

    private String key(Incident incident) {
        return source + " " + incident.id();
    }

    private static String cause(String incident) {
        return "incident " + incident;
    }

    private String partial() {
        return "partial " + source;
    }

    private static String payload(Quote quote) {
        StringBuilder prices = new StringBuilder();
        quote.prices().forEach((outcome, price) -> {
            prices.append(prices.length() == 0 ? "" : ",")
                    .append('"')
                    .append(outcome)
                    .append("\":");
            prices.append(Decimal.text(price));
        });
        return "{\"bookmaker\":\"" + quote.bookmaker() + "\",\"market\":\"" + quote.market() + "\",\"at\":" + quote.at()
                + (quote.line() == null ? "" : ",\"line\":" + Decimal.text(quote.line())) + ",\"prices\":{" + prices
                + "}}";
    }
}
