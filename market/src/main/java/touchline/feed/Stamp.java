package touchline.feed;

import java.util.Comparator;

/**
 * A quote that was confirmed unchanged: only the time of its last confirmation ({@code at}, ms UTC) moved. It means the
 * prices that the same source said last in the log, also where somebody holds younger ones by then: see {@link Changes}.
 */
public record Stamp(String bookmaker, String market, long at) {

    /** By market, then bookmaker. */
    static final Comparator<Stamp> ORDER = (a, b) -> {
        int byMarket = a.market.compareTo(b.market);
        return byMarket != 0 ? byMarket : a.bookmaker.compareTo(b.bookmaker);
    };
}
