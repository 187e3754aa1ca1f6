package touchline.jobs;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.jspecify.annotations.Nullable;
import touchline.book.BookStore;

/**
 * The book of the current key in Flink's state: a head, read once and written at most once per step, and a value per
 * market. Nothing is written before {@link #save}, so a step that throws is undone by {@link #load}. In front of the
 * machine's head stand the operator's own two facts, so that they cost no access of their own: the attempt in which the
 * book last sent an image, and the time of its pending timer.
 */
final class BookState implements BookStore {

    private static final int OWN = 1 + 8 + 8;
    private static final byte FORM = 1;

    private final ValueState<byte[]> heads;
    private final MapState<String, byte[]> markets;
    private final BookCache cache;

    private String match = "";
    private byte @Nullable [] head;
    private boolean dirty;
    private long attempt;
    private long timer;
    private final Map<String, byte @Nullable []> marketsWritten = new HashMap<>();
    private boolean cleared;

    BookState(ValueState<byte[]> heads, MapState<String, byte[]> markets, BookCache cache) {
        this.heads = heads;
        this.markets = markets;
        this.cache = cache;
    }

    /**
     * Reads the head and forgets what was not saved; before everything else of a step.
     *
     * @param match the current key
     */
    void load(String match) {
        this.match = match;
        BookCache.Book cached = cache.book(match);
        byte[] bytes = cached != null ? cached.head() : Lost.read("read a head", heads::value);
        if (cached == null && bytes != null) {
            cache.head(match, bytes);
        }
        dirty = false;
        cleared = false;
        marketsWritten.clear();
        if (bytes == null) {
            head = null;
            attempt = 0;
            timer = Long.MAX_VALUE;
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte form = in.get();
        if (form != FORM) {
            throw new Lost("a head of form " + form + " was written by another version of the jobs", null);
        }
        attempt = in.getLong();
        timer = in.getLong();
        head = new byte[in.remaining()];
        in.get(head);
    }

    /** Writes what {@link #load} read and the step changed; after everything else of a step. */
    void save() {
        if (cleared) {
            cache.remove(match);
            Lost.write("clear a book", markets::clear);
        }
        if (dirty && head == null) {
            Lost.write("clear a head", heads::clear);
            cache.remove(match);
        } else if (dirty && head != null) {
            byte[] whole = ByteBuffer.allocate(OWN + head.length)
                    .put(FORM)
                    .putLong(attempt)
                    .putLong(timer)
                    .put(head)
                    .array();
            Lost.write("write a head", () -> heads.update(whole));
            cache.head(match, whole);
        }
        marketsWritten.forEach((key, bytes) -> {
            if (bytes == null) {
                Lost.write("remove a market", () -> markets.remove(key));
                cache.removeMarket(match, key);
            } else {
                Lost.write("write a market", () -> markets.put(key, bytes));
                cache.market(match, key, bytes);
            }
        });
        dirty = false;
        cleared = false;
        marketsWritten.clear();
    }

    boolean exists() {
        return head != null;
    }

    long attempt() {
        return attempt;
    }

    void attempt(long value) {
        dirty |= attempt != value;
        attempt = value;
    }

    /** The time of the pending timer, {@link Long#MAX_VALUE} for none. */
    long timer() {
        return timer;
    }

    void timer(long value) {
        dirty |= timer != value;
        timer = value;
    }

    @Override
    public byte @Nullable [] head() {
        return head;
    }

    @Override
    public void head(byte[] bytes) {
        head = bytes;
        dirty = true;
    }

    @Override
    public byte @Nullable [] market(String key) {
        if (marketsWritten.containsKey(key)) {
            return marketsWritten.get(key);
        }
        if (cleared) {
            return null;
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
        head = null;
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
