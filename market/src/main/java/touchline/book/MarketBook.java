package touchline.book;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.feed.ManualDocument;
import touchline.price.Prices;

/** One market's state: its quotes, what suspends it, and its published cells. Mutable while a step is drafted. */
final class MarketBook {

    private static final int FORMAT = 2;

    /** One bookmaker's prices; the line in thousandths. */
    record Held(long at, @Nullable Integer line, Prices prices) {

        Held confirmed(long now) {
            return new Held(now, line, prices);
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

    /** By source stream, then bookmaker; a source without any is not there. */
    final SortedMap<String, SortedMap<String, Held>> quotes = new TreeMap<>();

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
        quotes.computeIfAbsent(source, first -> new TreeMap<>()).put(bookmaker, held);
    }

    void drop(String source, String bookmaker) {
        SortedMap<String, Held> quoted = quotes.get(source);
        if (quoted != null && quoted.remove(bookmaker) != null && quoted.isEmpty()) {
            quotes.remove(source);
        }
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
                Held held = entry.getValue();
                out.text(entry.getKey()).number(held.at());
                out.optionalInt(held.line()).prices(held.prices());
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
        if (in.number() != FORMAT) {
            throw new IllegalStateException("a market's state has a format that this version cannot read");
        }
        for (int sources = in.count(); sources > 0; sources--) {
            SortedMap<String, Held> quoted = new TreeMap<>();
            book.quotes.put(in.text(), quoted);
            for (int i = in.count(); i > 0; i--) {
                quoted.put(in.text(), new Held(in.number(), in.optionalInt(), in.prices()));
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
