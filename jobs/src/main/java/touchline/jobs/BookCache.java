package touchline.jobs;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the books that were spoken of last, as they are in Flink's state, up to so many bytes of heap: it spares
 * reads and nothing else. What is written goes to the state first and then here, so that whoever forgets, evicts or
 * restores loses nothing. Promises neither that a book is here nor that all of its markets are.
 */
final class BookCache {

    /** About what the JVM adds to a book's, and to a market's, own bytes. */
    private static final int BOOK_BYTES = 256;

    private static final int MARKET_BYTES = 80;

    private final long limitBytes;
    private final LinkedHashMap<String, Book> books = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    BookCache(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** One match's parts, for whoever reads them now: the next write may put other bytes into the same arrays. */
    static final class Book {
        private byte[] head;
        private final Map<String, byte[]> markets = new HashMap<>(4);
        private long bytes;

        private Book(byte[] head) {
            this.head = head.clone();
            this.bytes = (long) BOOK_BYTES + head.length;
        }

        byte[] head() {
            return head;
        }

        byte @Nullable [] market(String key) {
            return markets.get(key);
        }
    }

    @Nullable
    Book book(String match) {
        return books.get(match);
    }

    void head(String match, byte[] head) {
        Book book = books.get(match);
        if (book == null) {
            book = new Book(head);
            books.put(match, book);
            grown(book.bytes);
            return;
        }
        int more = head.length - book.head.length;
        book.head = kept(book.head, head);
        book.bytes += more;
        grown(more);
    }

    /** Only beside a head: a market alone is not kept. */
    void market(String match, String key, byte[] market) {
        Book book = books.get(match);
        if (book == null) {
            return;
        }
        byte[] before = book.markets.get(key);
        int more = market.length - (before == null ? -MARKET_BYTES : before.length);
        byte[] after = kept(before, market);
        if (after != before) {
            book.markets.put(key, after);
        }
        book.bytes += more;
        grown(more);
    }

    void removeMarket(String match, String key) {
        Book book = books.get(match);
        byte[] before = book == null ? null : book.markets.remove(key);
        if (book != null && before != null) {
            book.bytes -= before.length + MARKET_BYTES;
            bytes -= before.length + MARKET_BYTES;
        }
    }

    void remove(String match) {
        Book book = books.remove(match);
        if (book != null) {
            bytes -= book.bytes;
        }
    }

    /**
     * Own arrays, and the same ones again where the length allows: replaced all the time, long after they were made, they
     * would be the collector's most costly work.
     */
    private static byte[] kept(byte @Nullable [] before, byte[] bytes) {
        if (before == null || before.length != bytes.length) {
            return bytes.clone();
        }
        System.arraycopy(bytes, 0, before, 0, bytes.length);
        return before;
    }

    /** What the books at hand take, about. */
    long bytes() {
        return bytes;
    }

    private void grown(long more) {
        bytes += more;
        Iterator<Book> eldest = books.values().iterator();
        while (bytes > limitBytes && eldest.hasNext()) {
            bytes -= eldest.next().bytes;
            eldest.remove();
        }
    }
}
