package touchline.jobs;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.jspecify.annotations.Nullable;
import touchline.book.BookStore;

/**
 * The book of the current key in Flink's state. A small one is one value, a {@link BookPage}, which costs RocksDB less than
 * two that are smaller; one that has outgrown it is a page without markets and a value per market, until it is cleared. A page is read
 * once and written at most once per step. Nothing is written before {@link #save}, so a step that throws is undone by
 * {@link #load}.
 */
final class BookState implements BookStore {

    /** Of a whole book's page, at most. To write 1,000 again for one market costs what a value of the market's own would. */
    static final int WHOLE_BYTES = 768;

    private final ValueState<byte[]> pages;
    private final MapState<String, byte[]> markets;
    private final BookCache cache;

    private String match = "";
    private BookPage page = new BookPage();
    private boolean dirty;
    private final Map<String, byte @Nullable []> marketsWritten = new HashMap<>();
    private boolean cleared;

    BookState(ValueState<byte[]> pages, MapState<String, byte[]> markets, BookCache cache) {
        this.pages = pages;
        this.markets = markets;
        this.cache = cache;
    }

    /**
     * Reads the page and forgets what was not saved; before everything else of a step.
     *
     * @param match the current key
     */
    void load(String match) {
        this.match = match;
        BookCache.Book cached = cache.book(match);
        byte[] bytes = cached != null ? cached.page() : Lost.read("read a page", pages::value);
        if (cached == null && bytes != null) {
            cache.page(match, bytes);
        }
        dirty = false;
        cleared = false;
        marketsWritten.clear();
        try {
            page = bytes == null ? new BookPage() : new BookPage(bytes);
        } catch (IllegalArgumentException e) {
            throw new Lost(String.valueOf(e.getMessage()), e);
        }
    }

    /** Writes what {@link #load} read and the step changed; after everything else of a step. */
    void save() {
        if (page.whole && !marketsWritten.isEmpty()) {
            takeIn();
        }
        // Whatever may throw does so before anything is written.
        byte[] bytes = dirty ? encoded() : null;
        if (cleared) {
            cache.remove(match);
            Lost.write("clear a book", markets::clear);
        }
        if (bytes != null) {
            Lost.write("write a page", () -> pages.update(bytes));
            cache.page(match, bytes);
        } else if (dirty) {
            Lost.write("clear a page", pages::clear);
            cache.remove(match);
        }
        marketsWritten.forEach((key, market) -> {
            if (market == null) {
                Lost.write("remove a market", () -> markets.remove(key));
                cache.removeMarket(match, key);
            } else {
                Lost.write("write a market", () -> markets.put(key, market));
                cache.market(match, key, market);
            }
        });
        dirty = false;
        cleared = false;
        marketsWritten.clear();
    }

    /** Null for a book that does not exist any more. */
    private byte @Nullable [] encoded() {
        if (page.head == null) {
            if (!page.markets.isEmpty()) {
                throw new IllegalStateException("markets of a book without a head");
            }
            return null;
        }
        byte[] bytes = page.toBytes();
        if (!page.whole || bytes.length <= WHOLE_BYTES) {
            return bytes;
        }
        split();
        return page.toBytes();
    }

    private void takeIn() {
        marketsWritten.forEach((key, bytes) -> {
            if (bytes == null) {
                page.markets.remove(key);
            } else {
                page.markets.put(key, bytes);
            }
        });
        marketsWritten.clear();
        dirty = true;
    }

    private void split() {
        marketsWritten.putAll(page.markets);
        page.markets.clear();
        page.whole = false;
    }

    boolean exists() {
        return page.head != null;
    }

    long attempt() {
        return page.attempt;
    }

    void attempt(long value) {
        dirty |= page.attempt != value;
        page.attempt = value;
    }

    /** The time of the pending timer, {@link Long#MAX_VALUE} for none. */
    long timer() {
        return page.timer;
    }

    void timer(long value) {
        dirty |= page.timer != value;
        page.timer = value;
    }

    @Override
    public byte @Nullable [] head() {
        return page.head;
    }

    @Override
    public void head(byte[] bytes) {
        page.head = bytes;
        dirty = true;
    }

    @Override
    public byte @Nullable [] market(String key) {
        if (marketsWritten.containsKey(key)) {
            return marketsWritten.get(key);
        }
        if (page.whole) {
            return page.markets.get(key);
        }
        BookCache.Book cached = cache.book(match);
        byte[] bytes = cached == null ? null : cached.market(key);
        if (bytes == null) {
            bytes = Lost.read("read a market", () -> markets.get(key));
            if (bytes != null) {
                cache.market(match, key, bytes);
            }
        }
        return bytes;
    }

    @Override
    public void market(String key, byte[] bytes) {
        marketsWritten.put(key, bytes);
    }

    @Override
    public void removeMarket(String key) {
        marketsWritten.put(key, null);
    }

    @Override
    public void clear() {
        page.head = null;
        page.markets.clear();
        page.whole = true;
        dirty = true;
        cleared = true;
        marketsWritten.clear();
    }

    /** The state backend failed. No fault of the book: the job restores. */
    static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lost(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        private interface Read {
            byte @Nullable [] get() throws Exception;
        }

        private interface Write {
            void run() throws Exception;
        }

        private static byte @Nullable [] read(String what, Read read) {
            try {
                return read.get();
            } catch (Exception e) {
                throw new Lost("the state backend could not " + what, e);
            }
        }

        private static void write(String what, Write write) {
            try {
                write.run();
            } catch (Exception e) {
                throw new Lost("the state backend could not " + what, e);
            }
        }
    }
}
