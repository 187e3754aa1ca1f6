package touchline.book;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A book in memory. */
public final class MapStore implements BookStore {

    private byte @Nullable [] head;
    private final SortedMap<String, byte[]> markets = new TreeMap<>();

    @Override
    public byte @Nullable [] head() {
        return head;
    }

    @Override
    public void head(byte[] bytes) {
        head = bytes;
    }

    @Override
    public byte @Nullable [] market(String key) {
        return markets.get(key);
    }

    @Override
    public void market(String key, byte[] bytes) {
        markets.put(key, bytes);
    }

    @Override
    public void removeMarket(String key) {
        markets.remove(key);
    }

    @Override
    public void clear() {
        head = null;
        markets.clear();
    }

    /** The markets that are held. */
    Set<String> keys() {
        return Collections.unmodifiableSet(markets.keySet());
    }

    /** The same state, independent from now on. */
    public MapStore copy() {
        MapStore copy = new MapStore();
        copy.head = head;
        copy.markets.putAll(markets);
        return copy;
    }
}
