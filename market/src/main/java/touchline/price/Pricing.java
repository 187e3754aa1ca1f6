package touchline.price;

import java.util.List;

/**
 * Turns the quotes that count into the prices that are published. Pure, and the same for the same quotes in any order.
 */
public interface Pricing {

    /**
     * @param quotes each bookmaker's prices; at least one, all of the same outcomes
     * @return prices of the same outcomes
     */
    Prices price(List<Prices> quotes);
}
