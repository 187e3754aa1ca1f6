package touchline.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
        final List<Held> counting = new ArrayList<>();
        /** A source that the market rests on is silent. */
        boolean silent;

        @Nullable
        Integer line;

        final SortedMap<String, Integer> prices = new TreeMap<>();
        /** What an operator prices, whole or in part. */
        @Nullable
        Manual manual;
        /** Where an operator prices every outcome: those prices. */
        @Nullable
        Manual standing;
        /** There is somebody to answer for every price. */
        boolean enough;
        /** Outcomes whose price is an operator's. */
        Set<String> operators = Set.of();
        /** When the first of the fresh quotes goes stale. */
        long wake = Long.MAX_VALUE;

        long newest() {
            return counting.stream().mapToLong(Held::at).max().orElse(0);
        }
    }

    private Sheet read(Draft draft, MarketBook market) {
        Sheet sheet = new Sheet();
        Manual manual = market.manual;
        List<Held> fresh = fresh(draft, market, sheet);
        List<Held> young = young(market, fresh);
        sheet.line = mainLine(young, market);
        sheet.counting.addAll(agreeing(young, sheet.line));
        if (!sheet.counting.isEmpty()) {
            sheet.prices.putAll(
                    pricing.price(sheet.counting.stream().map(Held::prices).toList()));
        }
        // While a cause holds, quotes from before it are no shortage: it is for them to be confirmed.
        sheet.enough = sheet.counting.size() >= rules.minQuotes()
                || (!market.causes.isEmpty()
                        && agreeing(fresh, mainLine(fresh, market)).size() >= rules.minQuotes());
        if (manual != null && !manual.prices().isEmpty()) {
            operator(draft, sheet, manual);
        }
        return sheet;
    }

    private List<Held> fresh(Draft draft, MarketBook market, Sheet sheet) {
        long freshMs = draft.book.phase == Phase.LIVE ? rules.freshLiveMs() : rules.freshUpcomingMs();
        List<Held> fresh = new ArrayList<>();
        for (Held quote : market.quotes.values()) {
            Stream stream = draft.book.stream(quote.source());
            if (stream.silent) {
                sheet.silent = true;
                continue;
            }
            long until = quote.at() + freshMs + 2 * stream.nextMs;
            if (until >= draft.now) {
                sheet.wake = Math.min(sheet.wake, until + 1);
                fresh.add(quote);
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
        return fresh.stream().filter(quote -> quote.at() > after).toList();
    }

    /** Those that price the outcomes most price, at this line. */
    private static List<Held> agreeing(List<Held> quotes, @Nullable Integer line) {
        Set<String> outcomes = outcomes(quotes);
        return quotes.stream()
                .filter(quote -> quote.prices().keySet().equals(outcomes))
                .filter(quote -> Objects.equals(quote.line(), line))
                .toList();
    }

    private static void operator(Draft draft, Sheet sheet, Manual manual) {
        sheet.manual = manual;
        boolean speaks = !draft.book.stream(DOCUMENTS).silent;
        boolean whole = manual.prices().size() >= 2 && manual.prices().keySet().containsAll(sheet.prices.keySet());
        if (whole) {
            sheet.prices.clear();
            sheet.standing = manual;
        }
        sheet.prices.putAll(manual.prices());
        sheet.operators = manual.prices().keySet();
        sheet.silent |= !speaks;
        sheet.enough = speaks && (whole || sheet.enough);
    }

    /** The set of outcomes that most bookmakers price; among equals the largest, then the first by name. */
    private static Set<String> outcomes(List<Held> quotes) {
        if (quotes.isEmpty()) {
            return Set.of();
        }
        Set<String> first = quotes.get(0).prices().keySet();
        if (quotes.stream().allMatch(quote -> quote.prices().keySet().equals(first))) {
            return first;
        }
        SortedMap<String, Integer> votes = new TreeMap<>();
        for (Held quote : quotes) {
            votes.merge(String.join(",", quote.prices().keySet()), 1, Integer::sum);
        }
        String best = "";
        int most = 0;
        for (Map.Entry<String, Integer> vote : votes.entrySet()) {
            boolean larger = vote.getKey().split(",").length > best.split(",").length;
            if (vote.getValue() > most || (vote.getValue() == most && larger)) {
                best = vote.getKey();
                most = vote.getValue();
            }
        }
        return new TreeSet<>(List.of(best.split(",")));
    }

    /** The operator's line, or the one that most bookmakers quote; among equals the one published, then the lowest. */
    private static @Nullable Integer mainLine(List<Held> quotes, MarketBook market) {
        Integer published = published(market);
        if (market.manual != null && market.manual.line() != null) {
            return market.manual.line();
        }
        Set<String> outcomes = outcomes(quotes);
        SortedMap<Integer, Integer> votes = new TreeMap<>();
        for (Held quote : quotes) {
            if (quote.line() != null && quote.prices().keySet().equals(outcomes)) {
                votes.merge(quote.line(), 1, Integer::sum);
            }
        }
        Integer best = quotes.isEmpty() ? published : null;
        int most = 0;
        for (Map.Entry<Integer, Integer> vote : votes.entrySet()) {
            if (vote.getValue() > most
                    || (vote.getValue() == most && vote.getKey().equals(published))) {
                best = vote.getKey();
                most = vote.getValue();
            }
        }
        return best;
    }

    private static @Nullable Integer published(MarketBook market) {
        String line = market.cells.get(LINE);
        return line == null ? null : Integer.valueOf(Decimal.milli(line));
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
        if (!Objects.equals(sheet.line, published(market))) {
            return false;
        }
        for (Map.Entry<String, Integer> price : sheet.prices.entrySet()) {
            String before = market.cells.get(price.getKey());
            if (before != null && !sheet.operators.contains(price.getKey())) {
                long old = Decimal.milli(before);
                if (Math.abs(price.getValue() - old) * 100 > old * rules.jumpPercent()) {
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
        boolean moved = !market.cells.isEmpty() && !Objects.equals(published(market), sheet.line);
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
        for (Map.Entry<String, Integer> price : sheet.prices.entrySet()) {
            cells.put(price.getKey(), Decimal.text(price.getValue()));
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
        for (int price : quote.prices().values()) {
            implied += 100_000_000L / price;
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
