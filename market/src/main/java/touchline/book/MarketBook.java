package touchline.book;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.feed.ManualDocument;

/** One market's state: its quotes, what suspends it, and its published cells. Mutable while a step is drafted. */
final class MarketBook {

    private static final int FORMAT = 1;

    /** One bookmaker's prices; line and prices in thousandths. */
    record Held(String source, long at, @Nullable Integer line, SortedMap<String, Integer> prices) {}

    /**
     * An operator's prices.
     *
     * @param at when they were last set or confirmed, by the operators' clock
     * @param heard log time at which that was heard
     */
    record Manual(long at, long heard, @Nullable Integer line, SortedMap<String, Integer> prices) {

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

    /** By {@code <source> <bookmaker>}. */
    final SortedMap<String, Held> quotes = new TreeMap<>();

    @Nullable
    Manual manual;
    /** What suspends this market, those of the whole match included, by a key of its own. */
    final SortedMap<String, Cause> causes = new TreeMap<>();
    /** The suspension epoch. */
    long epoch;
    /** The latest stamp of any cause so far: prices stamped before it count no more. */
    long causedAt;

    Cells cells = new Cells();

    byte[] toBytes() {
        StateWriter out = new StateWriter();
        out.number(FORMAT).number(quotes.size());
        for (Map.Entry<String, Held> entry : quotes.entrySet()) {
            Held held = entry.getValue();
            out.text(entry.getKey()).text(held.source()).number(held.at());
            out.optionalInt(held.line()).prices(held.prices());
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
        for (int i = in.count(); i > 0; i--) {
            book.quotes.put(in.text(), new Held(in.text(), in.number(), in.optionalInt(), in.prices()));
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
