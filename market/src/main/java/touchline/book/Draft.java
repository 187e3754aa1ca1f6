package touchline.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.book.MarketBook.Former;
import touchline.book.MarketBook.Held;
import touchline.update.MarketUpdate;
import touchline.update.Times;

/**
 * One step on one match's state: parts are read when they are needed, changed in memory, and written back all together
 * at the end or, when a rule throws, not at all. Collects the cells that changed into one update.
 */
final class Draft {

    private static final String MATCH = "match";
    private static final String INCIDENTS = "incidents";

    private final BookStore store;
    final String match;
    final MatchBook book;
    /** The log time of this step. */
    final long now;
    /** The source stream that is heard in this step, empty when only time has passed. */
    String heardFrom = "";

    private final SortedMap<String, MarketBook> markets = new TreeMap<>();
    private final SortedSet<String> removed = new TreeSet<>();

    private final SortedMap<String, String> set = new TreeMap<>();
    private final SortedSet<String> del = new TreeSet<>();
    private final SortedMap<String, @Nullable String> sums = new TreeMap<>();
    private List<Quotation> quotations = List.of();

    Draft(BookStore store, String match, MatchBook book, long now) {
        this.store = store;
        this.match = match;
        this.book = book;
        this.now = now;
    }

    /** A market that exists or is created by this, to be ruled on before the step ends. */
    MarketBook touch(String key) {
        MarketBook market = markets.get(key);
        if (market == null) {
            market = MarketBook.of(book.marketWakes.containsKey(key) ? store.market(key) : null);
            if (!book.marketWakes.containsKey(key)) {
                begin(market);
                book.marketWakes.put(key, Long.MAX_VALUE);
            }
            markets.put(key, market);
            removed.remove(key);
        }
        return market;
    }

    boolean has(String key) {
        return book.marketWakes.containsKey(key);
    }

    /** Every market is ruled on before the step ends. */
    void touchAll() {
        for (String key : new TreeSet<>(book.marketWakes.keySet())) {
            touch(key);
        }
    }

    /** What was touched so far; a copy, since a rule may remove a market. */
    SortedMap<String, MarketBook> touched() {
        return new TreeMap<>(markets);
    }

    /** The market is no more: its cells go, and its suspension epoch is not said again. */
    void remove(String key, MarketBook market) {
        book.epochFloor = Math.max(book.epochFloor, market.epoch);
        if (market.cells.become(new TreeMap<>(), difference(key))) {
            sums.put(key, null);
        }
        market.dropAll();
        quoteChanged(key, market);
        book.marketWakes.remove(key);
        markets.remove(key);
        removed.add(key);
    }

    /** All markets go, as at the end of a match. */
    void removeAll() {
        touchAll();
        touched().forEach(this::remove);
    }

    /** Something suspends the whole match; of two causes of one key the later stamp and the longer hold count. */
    void raise(String key, Cause cause) {
        Cause raised = book.causes.merge(key, cause, Cause::and);
        book.causedAt = Math.max(book.causedAt, raised.stamp());
        touchAll();
        touched().values().forEach(market -> market.causes.merge(key, raised, Cause::and));
    }

    /** What suspended the whole match is over; it still holds until the given log time, and until fresh quotes come. */
    void lift(String key, long stamp, long until) {
        Cause cause = book.causes.get(key);
        if (cause == null) {
            return;
        }
        Cause lifted = new Cause(cause.reason(), Math.max(stamp, cause.stamp()), until, cause.byOperator());
        book.causes.put(key, lifted);
        book.causedAt = Math.max(book.causedAt, lifted.stamp());
        touchAll();
        touched().values().forEach(market -> market.causes.computeIfPresent(key, (k, old) -> lifted));
    }

    boolean isRaised(String key) {
        Cause cause = book.causes.get(key);
        return cause != null && cause.isOpenEnded();
    }

    private void begin(MarketBook market) {
        market.causes.putAll(book.causes);
        market.causes.put(MarketRuling.QUOTES, new Cause(Reason.QUOTES_GONE, book.causedAt, Cause.OPEN_ENDED, false));
        market.causedAt = book.causedAt;
        market.epoch = Math.max(book.epochFloor + 1, now);
    }

    void matchCells(SortedMap<String, String> cells) {
        if (book.match.become(cells, difference(MATCH))) {
            sums.put(MATCH, book.match.sum());
        }
    }

    void incidentCells(SortedMap<String, String> cells) {
        if (book.incidentCells.become(cells, difference(INCIDENTS))) {
            sums.put(INCIDENTS, book.incidentCells.sum());
        }
    }

    void marketCells(String key, MarketBook market, SortedMap<String, String> cells) {
        if (market.cells.become(cells, difference(key))) {
            sums.put(key, market.cells.sum());
        }
    }

    private Cells.Difference difference(String group) {
        return new Cells.Difference() {
            @Override
            public void set(String field, String value) {
                set.put(group + "/" + field, value);
                del.remove(group + "/" + field);
            }

            @Override
            public void gone(String field) {
                del.add(group + "/" + field);
                set.remove(group + "/" + field);
            }
        };
    }

    /** The update is said even if no cell changed: a new epoch begins. */
    void beginEpoch(long generation, long created) {
        book.generation = generation;
        book.created = created;
        book.version = 0;
    }

    /** Writes everything back; the update says what changed, or is null when nothing did. */
    @Nullable
    MarketUpdate commit(Times times) {
        MarketUpdate update = null;
        boolean begins = book.version == 0 && book.created > 0;
        if (begins || !set.isEmpty() || !del.isEmpty()) {
            book.version++;
            boolean first = book.version == 1;
            boolean last = !book.isRunning();
            update = first || last
                    ? image(times)
                    : new MarketUpdate(match, book.position(), MarketUpdate.Kind.PATCH, set, del, sums, times);
        }
        for (Map.Entry<String, MarketBook> market : markets.entrySet()) {
            store.market(market.getKey(), market.getValue().toBytes());
            if (begins) {
                quoteAll(market.getKey(), market.getValue());
            } else {
                quoteChanged(market.getKey(), market.getValue());
            }
        }
        for (String key : removed) {
            store.removeMarket(key);
        }
        store.head(book.toBytes());
        return update;
    }

    /** What has changed of the quotes, after {@link #commit}; all of them where an epoch began. */
    List<Quotation> quotations() {
        return quotations;
    }

    private void quoteChanged(String key, MarketBook market) {
        for (Former former : market.changed()) {
            Held held = market.held(former.source(), former.bookmaker());
            Held before = former.held();
            if (held == null) {
                add(Quotation.withdrawn(match, key, former.source(), former.bookmaker(), now));
            } else if (before == null || !before.pricesAs(held)) {
                add(quotation(key, former.source(), former.bookmaker(), held, 0));
            } else if (before.at() != held.at()) {
                add(quotation(key, former.source(), former.bookmaker(), held, before.at()));
            }
        }
    }

    /** Nothing of an earlier epoch stands any more, for those who follow the quotes. */
    private void quoteAll(String key, MarketBook market) {
        market.quotes.forEach((source, quoted) ->
                quoted.forEach((bookmaker, held) -> add(quotation(key, source, bookmaker, held, 0))));
    }

    private Quotation quotation(String key, String source, String bookmaker, Held held, long confirmed) {
        return new Quotation(match, key, source, bookmaker, held.line(), held.prices(), held.at(), confirmed, now);
    }

    private void add(Quotation quotation) {
        if (quotations.isEmpty()) {
            quotations = new ArrayList<>();
        }
        quotations.add(quotation);
    }

    /** All that is said of the match, at its present position. */
    MarketUpdate image(Times times) {
        SortedMap<String, String> cells = new TreeMap<>();
        SortedMap<String, @Nullable String> all = new TreeMap<>();
        put(MATCH, book.match, cells, all);
        put(INCIDENTS, book.incidentCells, cells, all);
        for (String key : book.marketWakes.keySet()) {
            MarketBook market = markets.get(key);
            put(key, market == null ? MarketBook.of(store.market(key)).cells : market.cells, cells, all);
        }
        MarketUpdate.Kind kind = book.isRunning() ? MarketUpdate.Kind.IMAGE : MarketUpdate.Kind.END;
        return new MarketUpdate(match, book.position(), kind, cells, new TreeSet<>(), all, times);
    }

    private static void put(
            String group, Cells from, SortedMap<String, String> cells, SortedMap<String, @Nullable String> sums) {
        if (!from.isEmpty()) {
            from.values().forEach((field, value) -> cells.put(group + "/" + field, value));
            sums.put(group, from.sum());
        }
    }
}
