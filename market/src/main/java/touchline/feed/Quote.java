package touchline.feed;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.price.Prices;

/**
 * One bookmaker's prices in one market.
 *
 * @param bookmaker the provider's stable key, as {@code fanduel}
 * @param market {@code h2h}, {@code totals}, {@code spreads}, {@code btts}, ...; alternate lines {@code totals:3.5}
 * @param at when the bookmaker last confirmed it, ms UTC, by the provider's clock
 * @param line thousandths ({@code 2500} is 2.5), the home side's for spreads; null where the market has none
 * @param prices by outcome ({@code home}, {@code draw}, {@code away}, {@code over}, {@code under}, {@code yes}, {@code
 *     no})
 */
public record Quote(
        String bookmaker, String market, long at, @Nullable Integer line, Prices prices) {

    public Quote(String bookmaker, String market, long at, @Nullable Integer line, Map<String, Integer> prices) {
        this(bookmaker, market, at, line, Prices.of(prices));
    }
}
