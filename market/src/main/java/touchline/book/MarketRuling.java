package touchline.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.book.MarketBook.Held;
import touchline.book.MarketBook.Manual;
import touchline.feed.Decimal;
import touchline.feed.Phase;
import touchline.feed.Quote;
import touchline.feed.Refusal;
import touchline.feed.RefusedException;
import touchline.price.Prices;
import touchline.price.Pricing;

/**
 * Rules on one market: which quotes count, at which line and price it is published, and whether it is open. A quote
 * counts while its source speaks, it is fresh, and it prices the outcomes and the line that most bookmakers price.
 */
final class MarketRuling {

    /** Key of the cause "too few quotes". */
    static final String QUOTES = "quotes";

    private static final String JUMP = "jump";
    private static final String TRADER = "trader";
    private static final String STATUS = "@status";
    private static final String OPEN = "open";
    private static final String LINE = "@line";
    static final String DOCUMENTS = "manual/documents";

    private final MarketRules rules;
    private final Pricing pricing;

    MarketRuling(MarketRules rules, Pricing pricing) {
        this.rules = rules;
        this.pricing = pricing;
    }

    /** Publishes what is true of the market now, and notes when to look again; it may be removed. */
    void rule(Draft draft, String key, MarketBook market) {
        Sheet sheet = read(draft, market);
        if (isForgotten(draft, market)) {
            draft.remove(key, market);
            return;
        }
        boolean wasOpen = OPEN.equals(market.cells.get(STATUS));
        shortage(draft, market, sheet);
        trader(draft, key, market);
        if (wasOpen && draft.book.phase == Phase.LIVE && jumps(market, sheet)) {
            long stamp = sheet.newest() - rules.skewMs();
            market.causes.put(JUMP, new Cause(Reason.PRICE_JUMP, stamp, draft.now + rules.jumpHoldMs(), false));
        }
        for (Cause cause : market.causes.values()) {
            market.causedAt = Math.max(market.causedAt, cause.stamp());
        }
        market.causes.values().removeIf(cause -> cause.until() <= draft.now && isSupported(cause, sheet));
        publish(draft, key, market, sheet, wasOpen);
        long wake = sheet.wake;
        for (Cause cause : market.causes.values()) {
            if (cause.until() > draft.now) {
                wake = Math.min(wake, cause.until());
            }
        }
        if (market.quotes.isEmpty() && market.manual == null) {
            wake = Math.min(wake, forgottenAt(market));
        }
        draft.book.marketWakes.put(key, wake);
    }

    /** What the quotes and the operator say together. */
    private static final class Sheet {
        /** The line published before. */
        final @Nullable Integer published;

        List<Held> counting = List.of();
        /** A source that the market rests on is silent. */
        boolean silent;

        @Nullable
        Integer line;

        Prices prices = Prices.NONE;
        /** What an operator prices, whole or in part. */
        @Nullable
        Manual manual;
        /** Where an operator prices every outcome: those prices. */
        @Nullable
        Manual standing;
        /** There is somebody to answer for every price. */
        boolean enough;
        /** Outcomes whose price is an operator's. */
        Prices operators = Prices.NONE;
        /** When the first of the fresh quotes goes stale. */
        long wake = Long.MAX_VALUE;

        Sheet(MarketBook market) {
            String line = market.cells.get(LINE);
            published = line == null ? null : Integer.valueOf(Decimal.milli(line));
        }

        long newest() {
            long newest = 0;
            for (Held quote : counting) {
                newest = Math.max(newest, quote.at());
            }
            return newest;
        }
    }

    private Sheet read(Draft draft, MarketBook market) {
        Sheet sheet = new Sheet(market);
        List<Held> fresh = fresh(draft, market, sheet);
        List<Held> young = young(market, fresh);
        Manual manual = market.manual;
        Integer line = manual == null ? null : manual.line();
        Majority majority = Majority.of(young, line, sheet.published);
        sheet.line = majority.line();
        sheet.counting = majority.quotes();
        if (!sheet.counting.isEmpty()) {
            sheet.prices = price(sheet.counting);
        }
        sheet.enough = sheet.counting.size() >= rules.minQuotes();
        if (!sheet.enough && !market.causes.isEmpty()) {
            // While a cause holds, quotes from before it are no shortage: it is for them to be confirmed.
            List<Held> old = Majority.of(fresh, line, sheet.published).quotes();
            sheet.enough = old.size() >= rules.minQuotes();
        }
        if (manual != null && !manual.prices().isEmpty()) {
            operator(draft, sheet, manual);
        }
        return sheet;
    }

    private List<Held> fresh(Draft draft, MarketBook market, Sheet sheet) {
        long freshMs = draft.book.phase == Phase.LIVE ? rules.freshLiveMs() : rules.freshUpcomingMs();
        List<Held> fresh = new ArrayList<>();
        for (Map.Entry<String, SortedMap<String, Held>> source : market.quotes.entrySet()) {
            Stream stream = draft.book.stream(source.getKey());
            if (stream.silent) {
                sheet.silent = true;
                continue;
            }
            for (Held quote : source.getValue().values()) {
                long until = quote.at() + freshMs + 2 * stream.nextMs;
                if (until >= draft.now) {
                    sheet.wake = Math.min(sheet.wake, until + 1);
                    fresh.add(quote);
                }
            }
        }
        return fresh;
    }

    /** Without the quotes from before the last cause: whatever reopens the market, they are not in its price. */
    private List<Held> young(MarketBook market, List<Held> fresh) {
        long causedAt = market.causedAt;
        for (Cause cause : market.causes.values()) {
            causedAt = Math.max(causedAt, cause.stamp());
        }
        if (causedAt == 0) {
            return fresh;
        }
        long after = causedAt + rules.skewMs();
        List<Held> young = new ArrayList<>();
        for (Held quote : fresh) {
            if (quote.at() > after) {
                young.add(quote);
            }
        }
        return young;
    }

    private Prices price(List<Held> quotes) {
        List<Prices> prices = new ArrayList<>(quotes.size());
        for (Held quote : quotes) {
            prices.add(quote.prices());
        }
        return pricing.price(prices);
    }

    private static void operator(Draft draft, Sheet sheet, Manual manual) {
        sheet.manual = manual;
        boolean speaks = !draft.book.stream(DOCUMENTS).silent;
        boolean whole = manual.prices().size() >= 2 && manual.prices().keySet().containsAll(sheet.prices.keySet());
        if (whole) {
            sheet.prices = manual.prices();
            sheet.standing = manual;
        } else {
            sheet.prices = sheet.prices.with(manual.prices());
        }
        sheet.operators = manual.prices();
        sheet.silent |= !speaks;
        sheet.enough = speaks && (whole || sheet.enough);
    }

    private static void shortage(Draft draft, MarketBook market, Sheet sheet) {
        Cause cause = market.causes.get(QUOTES);
        if (sheet.enough) {
            if (cause != null && cause.isOpenEnded()) {
                market.causes.put(QUOTES, cause.until(draft.now));
            }
            return;
        }
        Reason reason = sheet.silent ? Reason.SOURCE_SILENT : Reason.QUOTES_GONE;
        if (cause == null || !cause.isOpenEnded()) {
            market.causes.put(QUOTES, new Cause(reason, draft.now, Cause.OPEN_ENDED, false));
        } else if (cause.reason() != reason) {
            market.causes.put(QUOTES, new Cause(reason, cause.stamp(), Cause.OPEN_ENDED, false));
        }
    }

    private static void trader(Draft draft, String key, MarketBook market) {
        SortedSet<String> suspended = draft.book.operator.suspend();
        Cause cause = market.causes.get(TRADER);
        if (suspended.contains("*") || suspended.contains(key)) {
            if (cause == null || !cause.isOpenEnded()) {
                market.causes.put(TRADER, new Cause(Reason.TRADER, draft.now, Cause.OPEN_ENDED, true));
            }
        } else if (cause != null && cause.isOpenEnded()) {
            market.causes.put(TRADER, cause.until(draft.now));
        }
    }

    private boolean jumps(MarketBook market, Sheet sheet) {
        if (!Objects.equals(sheet.line, sheet.published)) {
            return false;
        }
        for (int place = 0; place < sheet.prices.size(); place++) {
            String outcome = sheet.prices.outcome(place);
            String before = market.cells.get(outcome);
            if (before != null && !sheet.operators.containsKey(outcome)) {
                long old = Decimal.milli(before);
                if (Math.abs(sheet.prices.price(place) - old) * 100 > old * rules.jumpPercent()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Is somebody's price known to be younger than the cause? */
    private boolean isSupported(Cause cause, Sheet sheet) {
        if (!sheet.enough || (sheet.manual != null && !stands(sheet.manual, cause))) {
            return false;
        }
        if (sheet.standing != null) {
            return true;
        }
        int younger = 0;
        for (Held quote : sheet.counting) {
            if (quote.at() > cause.stamp() + rules.skewMs() || cause.stamp() == 0) {
                younger++;
            }
        }
        return younger >= rules.minQuotes();
    }

    /** Is an operator's price good after the cause? */
    private boolean stands(Manual manual, Cause cause) {
        return switch (cause.reason()) {
            // It stands until he changes it: silence or his own word does not age it.
            case TRADER, SOURCE_SILENT, QUOTES_GONE -> true;
            // What one transaction of his says together belongs together: the log's order counts, not its clocks.
            default ->
                cause.byOperator() ? manual.heard() >= cause.stamp() : manual.at() > cause.stamp() + rules.skewMs();
        };
    }

    private static void publish(Draft draft, String key, MarketBook market, Sheet sheet, boolean wasOpen) {
        boolean open = market.causes.isEmpty();
        boolean moved = !market.cells.isEmpty() && !Objects.equals(sheet.published, sheet.line);
        if ((wasOpen && !open) || moved) {
            market.epoch = Math.max(market.epoch + 1, draft.now);
        }
        SortedMap<String, String> cells = new TreeMap<>();
        if (sheet.prices.isEmpty()) {
            // Nobody quotes it just now: the last prices stay in sight, locked.
            for (Map.Entry<String, String> cell : market.cells.values().entrySet()) {
                if (!cell.getKey().startsWith("@")) {
                    cells.put(cell.getKey(), cell.getValue());
                }
            }
        }
        for (int place = 0; place < sheet.prices.size(); place++) {
            cells.put(sheet.prices.outcome(place), Decimal.text(sheet.prices.price(place)));
        }
        cells.put(STATUS, open ? OPEN : "suspended");
        if (!open) {
            cells.put("@reasons", reasons(market));
        }
        if (sheet.line != null) {
            cells.put(LINE, Decimal.text(sheet.line));
        }
        cells.put("@epoch", Long.toString(market.epoch));
        draft.marketCells(key, market, cells);
    }

    private static String reasons(MarketBook market) {
        SortedSet<String> reasons = new TreeSet<>();
        for (Cause cause : market.causes.values()) {
            reasons.add(cause.reason().cell());
        }
        return String.join(",", reasons);
    }

    /** Nobody has quoted it for so long that it is no longer a market of this match. */
    private boolean isForgotten(Draft draft, MarketBook market) {
        return market.quotes.isEmpty() && market.manual == null && forgottenAt(market) <= draft.now;
    }

    private long forgottenAt(MarketBook market) {
        Cause cause = market.causes.get(QUOTES);
        return cause == null || !cause.isOpenEnded() ? Long.MAX_VALUE : cause.stamp() + rules.endAfterMissingMs();
    }

    /** Suspends the market without any other rule, for a book whose rules threw. */
    static void quarantine(Draft draft, String key, MarketBook market, Cause cause) {
        market.causes.put("fault", cause);
        boolean wasOpen = OPEN.equals(market.cells.get(STATUS));
        if (wasOpen) {
            market.epoch = Math.max(market.epoch + 1, draft.now);
        }
        SortedMap<String, String> cells = new TreeMap<>(market.cells.values());
        cells.put(STATUS, "suspended");
        cells.put("@reasons", reasons(market));
        cells.put("@epoch", Long.toString(market.epoch));
        draft.marketCells(key, market, cells);
    }

    /** @throws RefusedException when the quote cannot be a market's */
    void check(Quote quote, long now) throws RefusedException {
        String key = quote.market();
        String where = "bookmaker=" + quote.bookmaker() + " market=" + key;
        boolean needsLine = key.equals("totals") || key.equals("spreads");
        boolean takesLine = needsLine || !(key.equals("h2h") || key.equals("btts"));
        if (quote.line() == null ? needsLine : !takesLine) {
            throw new RefusedException(
                    Refusal.LINE_OUT_OF_BOUNDS,
                    where + ": a line " + (needsLine ? "is needed" : "has no meaning here"));
        }
        if (quote.prices().size() < 2) {
            throw new RefusedException(
                    Refusal.INCOMPLETE_OUTCOMES, where + " prices=" + quote.prices() + ": two outcomes at least");
        }
        if (quote.at() > now + rules.futureMs()) {
            throw new RefusedException(
                    Refusal.STAMP_IN_FUTURE,
                    where + " at=" + quote.at() + " is " + (quote.at() - now)
                            + " ms ahead of the log: check the clocks");
        }
        long implied = 0;
        for (int place = 0; place < quote.prices().size(); place++) {
            implied += 100_000_000L / quote.prices().price(place);
        }
        long percent = implied / 1_000;
        if (percent < rules.minBooksumPercent() || percent > rules.maxBooksumPercent()) {
            throw new RefusedException(
                    Refusal.BOOKSUM_OUT_OF_BOUNDS,
                    where + " prices=" + quote.prices() + ": implied probabilities add up to " + percent
                            + " %, outside " + rules.minBooksumPercent() + ".." + rules.maxBooksumPercent());
        }
    }
}
