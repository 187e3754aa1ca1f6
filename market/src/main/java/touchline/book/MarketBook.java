package touchline.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import touchline.feed.ManualDocument;
import touchline.price.Prices;

/** One market's state: its quotes, what suspends it, and its published cells. Mutable while a step is drafted. */
final class MarketBook {

    private static final int FORMAT = 3;
    /** That can be read: no quote of it has an older word beside it. */
    private static final int OLDEST_FORMAT = 2;

    private static final int HAS_LINE = 1;
    private static final int HAS_OLDER = 2;

    /** A line in thousandths, and prices. */
    record Offer(@Nullable Integer line, Prices prices) {}

    /**
     * One bookmaker's prices.
     *
     * @param said what the source itself said last, where that was older than this: it is what its stamps confirm
     */
    record Held(
            long at,
            @Nullable Integer line,
            Prices prices,
            @Nullable Offer said) {

        /** The source has said an older price. */
        Held behind(@Nullable Integer oldLine, Prices oldPrices) {
            boolean same = Objects.equals(line, oldLine) && prices.equals(oldPrices);
            return new Held(at, line, prices, same ? null : new Offer(oldLine, oldPrices));
        }

        /** What the source said last still holds. */
        Held confirmed(long stamp) {
            if (stamp < at || (stamp == at && said == null)) {
                return this;
            }
            return said == null ? new Held(stamp, line, prices, null) : new Held(stamp, said.line, said.prices, null);
        }

        boolean pricesAs(Held other) {
            return Objects.equals(line, other.line) && prices.equals(other.prices);
        }

        void write(StateWriter out) {
            out.number(at);
            out.number((line == null ? 0 : HAS_LINE) | (said == null ? 0 : HAS_OLDER));
            if (line != null) {
                out.number(line);
            }
            out.prices(prices);
            if (said != null) {
                out.optionalInt(said.line).prices(said.prices);
            }
        }

        static Held read(StateReader in) {
            long at = in.number();
            int has = in.count();
            Integer line = (has & HAS_LINE) == 0 ? null : (Integer) in.count();
            Prices prices = in.prices();
            return new Held(at, line, prices, (has & HAS_OLDER) == 0 ? null : new Offer(in.optionalInt(), in.prices()));
        }
    }

    /**
     * An operator's prices.
     *
     * @param at when they were last set or confirmed, by the operators' clock
     * @param heard log time at which that was heard
     */
    record Manual(long at, long heard, @Nullable Integer line, Prices prices) {

        /** What a document says, which may be what the last one said already. */
        static Manual of(ManualDocument.Market said, @Nullable Manual before, long now) {
            long at = Math.min(said.at(), now);
            long heard = before != null && at <= before.at() ? before.heard() : now;
            return new Manual(at, heard, said.line(), said.prices());
        }

        void write(StateWriter out) {
            out.number(at).number(heard).optionalInt(line).prices(prices);
        }

        static Manual read(StateReader in) {
            return new Manual(in.number(), in.number(), in.optionalInt(), in.prices());
        }
    }

    /** What stood in a bookmaker's place before this step changed it; null for nothing. */
    record Former(String source, String bookmaker, @Nullable Held held) {}

    /** By source stream, then bookmaker; a source without any is not there. Changed by this class only, which keeps count. */
    final SortedMap<String, SortedMap<String, Held>> quotes = new TreeMap<>();

    private List<Former> changed = List.of();

    @Nullable
    Manual manual;
    /** What suspends this market, those of the whole match included, by a key of its own. */
    final SortedMap<String, Cause> causes = new TreeMap<>();
    /** The suspension epoch. */
    long epoch;
    /** The latest stamp of any cause so far: prices stamped before it count no more. */
    long causedAt;

    Cells cells = new Cells();

    @Nullable
    Held held(String source, String bookmaker) {
        SortedMap<String, Held> quoted = quotes.get(source);
        return quoted == null ? null : quoted.get(bookmaker);
    }

    void hold(String source, String bookmaker, Held held) {
        Held former = quotes.computeIfAbsent(source, first -> new TreeMap<>()).put(bookmaker, held);
        if (former == null || former.at() != held.at() || !former.pricesAs(held)) {
            change(source, bookmaker, former);
        }
    }

    void drop(String source, String bookmaker) {
        SortedMap<String, Held> quoted = quotes.get(source);
        if (quoted == null) {
            return;
        }
        Held former = quoted.remove(bookmaker);
        if (former != null) {
            change(source, bookmaker, former);
        }
        if (quoted.isEmpty()) {
            quotes.remove(source);
        }
    }

    /** All of a source, but for the bookmakers that it still names. */
    void drop(String source, Predicate<String> named) {
        SortedMap<String, Held> quoted = quotes.get(source);
        if (quoted == null) {
            return;
        }
        for (String bookmaker : List.copyOf(quoted.keySet())) {
            if (!named.test(bookmaker)) {
                drop(source, bookmaker);
            }
        }
    }

    void dropAll() {
        for (String source : List.copyOf(quotes.keySet())) {
            drop(source, bookmaker -> false);
        }
    }

    private void change(String source, String bookmaker, @Nullable Held former) {
        if (changed.isEmpty()) {
            changed = new ArrayList<>();
        }
        changed.add(new Former(source, bookmaker, former));
    }

    /** What this step has changed of the quotes, in its order. */
    List<Former> changed() {
        return changed;
    }

    /** How many bookmakers quote it. */
    int quoted() {
        int count = 0;
        for (SortedMap<String, Held> quoted : quotes.values()) {
            count += quoted.size();
        }
        return count;
    }

    byte[] toBytes() {
        StateWriter out = new StateWriter();
        out.number(FORMAT).number(quotes.size());
        for (Map.Entry<String, SortedMap<String, Held>> source : quotes.entrySet()) {
            out.text(source.getKey()).number(source.getValue().size());
            for (Map.Entry<String, Held> entry : source.getValue().entrySet()) {
                out.text(entry.getKey());
                entry.getValue().write(out);
            }
        }
        Manual operators = manual;
        out.flag(operators != null);
        if (operators != null) {
            operators.write(out);
        }
        MatchBook.write(out, causes);
        out.number(epoch).number(causedAt);
        cells.write(out);
        return out.toBytes();
    }

    static MarketBook of(byte @Nullable [] bytes) {
        MarketBook book = new MarketBook();
        if (bytes == null) {
            return book;
        }
        StateReader in = new StateReader(bytes);
        long format = in.number();
        if (format < OLDEST_FORMAT || format > FORMAT) {
            throw new IllegalStateException("a market's state has a format that this version cannot read");
        }
        for (int sources = in.count(); sources > 0; sources--) {
            SortedMap<String, Held> quoted = new TreeMap<>();
            book.quotes.put(in.text(), quoted);
            for (int i = in.count(); i > 0; i--) {
                quoted.put(in.text(), Held.read(in));
            }
        }
        if (in.flag()) {
            book.manual = Manual.read(in);
        }
        MatchBook.read(in, book.causes);
        book.epoch = in.number();
        book.causedAt = in.number();
        book.cells = Cells.read(in);
        return book;
    }
}
