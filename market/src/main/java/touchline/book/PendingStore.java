package touchline.book;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Holds back what is written until all of a step has succeeded; a step of several updates is kept whole or not at all. */
final class PendingStore implements BookStore {

    private final BookStore store;
    private boolean cleared;
    private byte @Nullable [] head;
    /** Null for a market that was removed. */
    private final Map<String, byte @Nullable []> markets = new TreeMap<>();

    PendingStore(BookStore store) {
        this.store = store;
    }

    @Override
    public byte @Nullable [] head() {
        return head != null || cleared ? head : store.head();
    }

    @Override
    public void head(byte[] bytes) {
        head = bytes;
    }

    @Override
    public byte @Nullable [] market(String key) {
        return markets.containsKey(key) || cleared ? markets.get(key) : store.market(key);
    }

    @Override
    public void market(String key, byte[] bytes) {
        markets.put(key, bytes);
    }

    @Override
    public void removeMarket(String key) {
        markets.put(key, null);
    }

    @Override
    public void clear() {
        cleared = true;
        head = null;
        markets.clear();
    }

    void flush() {
        if (cleared) {
            store.clear();
        }
        markets.forEach((key, bytes) -> {
            if (bytes == null) {
                store.removeMarket(key);
            } else {
                store.market(key, bytes);
            }
        });
        if (head != null) {
            store.head(head);
        }
    }
}
