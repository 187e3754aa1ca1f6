package touchline.price;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Per outcome the median price; between two middle ones their mean, rounded down. */
public final class MedianPricing implements Pricing {

    @Override
    public SortedMap<String, Integer> price(List<SortedMap<String, Integer>> quotes) {
        SortedMap<String, Integer> medians = new TreeMap<>();
        int[] prices = new int[quotes.size()];
        for (String outcome : quotes.get(0).keySet()) {
            for (int i = 0; i < prices.length; i++) {
                prices[i] = Objects.requireNonNull(quotes.get(i).get(outcome), outcome);
            }
            medians.put(outcome, median(prices));
        }
        return medians;
    }

    private static int median(int[] prices) {
        Arrays.sort(prices);
        int upper = prices.length / 2;
        return prices.length % 2 == 1 ? prices[upper] : (int) (((long) prices[upper - 1] + prices[upper]) / 2);
    }
}
