package touchline.jobs;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of books that were spoken of, as they are in Flink's state, up to so many bytes of heap: it spares reads and
 * nothing else. What is written goes to the state first and then here, so that whoever forgets, evicts or restores loses
 * nothing. Promises neither that a book is here nor that all are of its markets that are values of their own. Without room the one that came first goes;
 * if it is still spoken of, it comes again.
 *
 * <p>A record writes no reference here, only bytes into room that is kept: references that change in what has long been
 * there are the collector's most costly work.
 */
final class BookCache {

    /** About what the JVM adds to a book's, and to a market's, own bytes. */
    private static final int BOOK_BYTES = 280;

    private static final int MARKET_BYTES = 104;

    private final long limitBytes;
    private final LinkedHashMap<String, Book> books = new LinkedHashMap<>();
    private long bytes;

    BookCache(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** One match's parts, as they are now. */
    static final class Book {
        private final Part page = new Part();
        private final Map<String, Part> markets = new HashMap<>(4);
        private long bytes = BOOK_BYTES;

        byte[] page() {
            return page.bytes();
        }

        byte @Nullable [] market(String key) {
            Part market = markets.get(key);
            return market == null ? null : market.bytes();
        }
    }

    /** Bytes, in room that is mostly a little longer. */
    private static final class Part {
        /** For the digits by which a price or a position grows. */
        private static final int SPARE = 32;

        private byte[] room = {};
        private int length;

        byte[] bytes() {
            return Arrays.copyOf(room, length);
        }

        /** Returns by how many bytes its room has grown. */
        int set(byte[] bytes) {
            int before = room.length;
            if (bytes.length > before || bytes.length < before - 2 * SPARE) {
                room = Arrays.copyOf(bytes, bytes.length + SPARE);
            } else {
                System.arraycopy(bytes, 0, room, 0, bytes.length);
            }
            length = bytes.length;
            return room.length - before;
        }
    }

    @Nullable
    Book book(String match) {
        return books.get(match);
    }

    void page(String match, byte[] page) {
        Book book = books.get(match);
        if (book == null) {
            book = new Book();
            books.put(match, book);
            bytes += book.bytes;
        }
        grown(book, book.page.set(page));
    }

    /** Only beside a page: a market alone is not kept. */
    void market(String match, String key, byte[] market) {
        Book book = books.get(match);
        if (book == null) {
            return;
        }
        Part part = book.markets.get(key);
        int more = 0;
        if (part == null) {
            part = new Part();
            book.markets.put(key, part);
            more = MARKET_BYTES;
        }
        grown(book, more + part.set(market));
    }

    void removeMarket(String match, String key) {
        Book book = books.get(match);
        Part before = book == null ? null : book.markets.remove(key);
        if (book != null && before != null) {
            grown(book, -(MARKET_BYTES + before.room.length));
        }
    }

    void remove(String match) {
        Book book = books.remove(match);
        if (book != null) {
            bytes -= book.bytes;
        }
    }

    /** What the books at hand take, about. */
    long bytes() {
        return bytes;
    }

    private void grown(Book book, int more) {
        book.bytes += more;
        bytes += more;
        Iterator<Book> first = books.values().iterator();
        while (bytes > limitBytes && first.hasNext()) {
            bytes -= first.next().bytes;
            first.remove();
        }
    }
}
