package touchline.book;

import org.jspecify.annotations.Nullable;

/**
 * One match's state as bytes: a head, and a part per market, so that a record reads and writes only the markets it
 * speaks of. The bytes are the book's own and carry a version; a store only keeps them.
 */
public interface BookStore {

    byte @Nullable [] head();

    void head(byte[] bytes);

    byte @Nullable [] market(String key);

    void market(String key, byte[] bytes);

    void removeMarket(String key);

    /** Forgets the match. */
    void clear();
}
