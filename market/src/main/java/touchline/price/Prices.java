package touchline.price;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The prices of one market by outcome, in thousandths ({@code 1850} is 1.85), in the order of the outcomes' names.
 * Immutable; a map whose entries can also be reached by their place, because every quote of every record is read so.
 */
public final class Prices extends AbstractMap<String, Integer> {

    public static final Prices NONE = new Prices(new String[0], new int[0]);

    private final String[] outcomes;
    private final int[] milli;

    /** Both in the order of the outcomes, and from now on this object's own. */
    private Prices(String[] outcomes, int[] milli) {
        this.outcomes = outcomes;
        this.milli = milli;
    }

    public static Prices of(Map<String, Integer> prices) {
        if (prices instanceof Prices already) {
            return already;
        }
        SortedMap<String, Integer> sorted = new TreeMap<>(prices);
        int[] milli = new int[sorted.size()];
        int at = 0;
        for (int price : sorted.values()) {
            milli[at++] = price;
        }
        return new Prices(sorted.keySet().toArray(new String[0]), milli);
    }

    /** Other prices of the same outcomes; the array is no longer the caller's. */
    public Prices of(int[] others) {
        if (others.length != milli.length) {
            throw new IllegalArgumentException(others.length + " prices of " + milli.length + " outcomes");
        }
        return new Prices(outcomes, others);
    }

    @Override
    public int size() {
        return milli.length;
    }

    /** The outcome at a place, from 0. */
    public String outcome(int place) {
        return outcomes[place];
    }

    /** The price at a place, from 0. */
    public int price(int place) {
        return milli[place];
    }

    /** Do both price the same outcomes? */
    public boolean agreesWith(Prices other) {
        return outcomes == other.outcomes || Arrays.equals(outcomes, other.outcomes);
    }

    /** These, and where the others name an outcome, theirs. */
    public Prices with(Prices others) {
        if (others.isEmpty() || isEmpty()) {
            return others.isEmpty() ? this : others;
        }
        SortedMap<String, Integer> both = new TreeMap<>(this);
        both.putAll(others);
        return of(both);
    }

    @Override
    public boolean containsKey(@Nullable Object outcome) {
        return place(outcome) >= 0;
    }

    @Override
    public @Nullable Integer get(@Nullable Object outcome) {
        int place = place(outcome);
        return place < 0 ? null : milli[place];
    }

    private int place(@Nullable Object outcome) {
        for (int place = 0; place < outcomes.length; place++) {
            if (outcomes[place].equals(outcome)) {
                return place;
            }
        }
        return -1;
    }

    @Override
    public Set<Map.Entry<String, Integer>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return milli.length;
            }

            @Override
            public Iterator<Map.Entry<String, Integer>> iterator() {
                return new Iterator<>() {
                    private int next;

                    @Override
                    public boolean hasNext() {
                        return next < milli.length;
                    }

                    @Override
                    public Map.Entry<String, Integer> next() {
                        if (!hasNext()) {
                            throw new NoSuchElementException();
                        }
                        Map.Entry<String, Integer> entry = Map.entry(outcomes[next], milli[next]);
                        next++;
                        return entry;
                    }
                };
            }
        };
    }

    @Override
    public boolean equals(@Nullable Object that) {
        return that instanceof Prices prices
                ? agreesWith(prices) && Arrays.equals(milli, prices.milli)
                : super.equals(that);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** Prices as they are read, outcome by outcome in any order; each outcome once. */
    public static final class Builder {
        private String[] outcomes = new String[4];
        private int[] milli = new int[4];
        private int size;

        public void put(String outcome, int price) {
            if (size == milli.length) {
                outcomes = Arrays.copyOf(outcomes, 2 * size);
                milli = Arrays.copyOf(milli, 2 * size);
            }
            int place = size++;
            while (place > 0 && outcomes[place - 1].compareTo(outcome) > 0) {
                outcomes[place] = outcomes[place - 1];
                milli[place] = milli[place - 1];
                place--;
            }
            outcomes[place] = outcome;
            milli[place] = price;
        }

        public Prices build() {
            for (int place = 1; place < size; place++) {
                if (outcomes[place].equals(outcomes[place - 1])) {
                    throw new IllegalStateException("outcome=" + outcomes[place] + " is priced twice");
                }
            }
            return new Prices(Arrays.copyOf(outcomes, size), Arrays.copyOf(milli, size));
        }
    }
}
