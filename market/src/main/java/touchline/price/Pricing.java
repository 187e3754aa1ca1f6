package touchline.price;

import java.util.List;
import java.util.SortedMap;

/**
 * Turns the quotes that count into the prices that are published. Pure, and the same for the same quotes in any order.
 */
public interface Pricing {

    /**
     * @param quotes per bookmaker its prices, thousandths by outcome; at least one, all with the same outcomes
     * @return thousandths by the same outcomes
     */
    SortedMap<String, Integer> price(List<SortedMap<String, Integer>> quotes);
}
