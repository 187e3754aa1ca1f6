package touchline.price;

import java.util.Arrays;
import java.util.List;

/** Per outcome the median price; between two middle ones their mean, rounded down. */
public final class MedianPricing implements Pricing {

    @Override
    public Prices price(List<Prices> quotes) {
        Prices first = quotes.get(0);
        for (Prices quote : quotes) {
            if (!quote.agreesWith(first)) {
                throw new IllegalArgumentException(quote + " cannot be priced together with " + first);
            }
        }
        int[] medians = new int[first.size()];
        int[] prices = new int[quotes.size()];
        for (int place = 0; place < medians.length; place++) {
            for (int i = 0; i < prices.length; i++) {
                prices[i] = quotes.get(i).price(place);
            }
            medians[place] = median(prices);
        }
        return first.of(medians);
    }

    private static int median(int[] prices) {
        Arrays.sort(prices);
        int upper = prices.length / 2;
        return prices.length % 2 == 1 ? prices[upper] : (int) (((long) prices[upper - 1] + prices[upper]) / 2);
    }
}
