package touchline.book;

import org.jspecify.annotations.Nullable;
import touchline.price.Prices;

/**
 * One bookmaker's price in one market as a book has come to hold it, or that the book holds it no more. Whoever keeps the
 * last one of each key (match, market, source, bookmaker) holds exactly the quotes of the books. Not all of them count in
 * the published price: that is for the market's rules; and an operator's prices are none of a bookmaker.
 *
 * @param source the stream that said it, as {@code oddsapi/odds}; of a match that is linked here, with that match's id
 *     behind an at sign
 * @param line thousandths, null where the market has none
 * @param prices none when it is withdrawn
 * @param at when it was last confirmed, ms UTC, by the bookmaker's clock, but not later than the log
 * @param confirmed the stamp before, where nothing but the stamp has changed; else 0
 * @param log the log time of the step
 */
public record Quotation(
        String match,
        String market,
        String source,
        String bookmaker,
        @Nullable Integer line,
        Prices prices,
        long at,
        long confirmed,
        long log) {

    /** The book holds none of this bookmaker any more. */
    public static Quotation withdrawn(String match, String market, String source, String bookmaker, long log) {
        return new Quotation(match, market, source, bookmaker, null, Prices.NONE, 0, 0, log);
    }

    public boolean isWithdrawn() {
        return prices.isEmpty();
    }

    /**
     * Is there news in it for those who ask for stamps no more often than this? Price, line and withdrawal always are; of
     * stamps that move alone, the first in each such time.
     */
    public boolean isNews(long stampMs) {
        return confirmed == 0 || at / stampMs != confirmed / stampMs;
    }
}
