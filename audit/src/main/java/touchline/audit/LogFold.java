package touchline.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import touchline.book.BookStore;
import touchline.book.MapStore;
import touchline.book.MarketMachine;
import touchline.book.MarketRules;
import touchline.book.Step;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.update.MarketUpdate;

/**
 * The fold of the feed log with a fresh machine: log time, partition check, every wake-up at its own time, every
 * record in the log's order. What it decides is what must have been said. Pure but for its own memory.
 */
final class LogFold {

    /** Hears every update that follows from the log. */
    interface Listener {
        /**
         * @param logTime not below the log time of what caused it, ms
         * @param replica the match's state after the update
         */
        void decided(int partition, MarketUpdate update, long logTime, Replica replica, Verdict verdict);
    }

    /** What the market job writes to move the clock. */
    private static final byte[] TICK = "{\"kind\":\"tick\"}".getBytes(UTF_8);

    private final MarketMachine machine;
    private final int partitions;
    private final int maxRecordBytes;
    private final Listener listener;
    private final long[] logTimes;
    private final Map<String, Book> books = new HashMap<>();
    private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    private long ticks;
    private long records;

    LogFold(MarketRules rules, int partitions, int maxRecordBytes, Listener listener) {
        this.machine = new MarketMachine(rules);
        this.partitions = partitions;
        this.maxRecordBytes = maxRecordBytes;
        this.listener = listener;
        this.logTimes = new long[partitions];
    }

    /** One match: its book, and what a reader of its updates holds. */
    private static final class Book {
        final String match;
        final int partition;
        final BookStore store = new MapStore();
        final Replica replica = new Replica();
        long wakeAt = Long.MAX_VALUE;

        Book(String match, int partition) {
            this.match = match;
            this.partition = partition;
        }
    }

    void take(int partition, long timestamp, byte @Nullable [] key, byte @Nullable [] value) {
        logTimes[partition] = Math.max(logTimes[partition], timestamp);
        long logTime = logTimes[partition];
        records++;
        if (key == null) {
            if (Arrays.equals(value, TICK)) {
                ticks++;
            } else {
                refuse(Refusal.MISSING_FIELD);
            }
            return;
        }
        if (partition(key, partitions) != partition) {
            refuse(Refusal.WRONG_PARTITION);
        } else if (value == null) {
            refuse(Refusal.NOT_JSON);
        } else if (value.length > maxRecordBytes) {
            refuse(Refusal.TOO_LARGE);
        } else {
            take(partition, logTime, new String(key, UTF_8), value);
        }
    }

    private void take(int partition, long logTime, String match, byte[] value) {
        FeedRecord record;
        try {
            record = FeedJson.read(value);
        } catch (RefusedException e) {
            refuse(e.reason());
            return;
        }
        if (!record.match().equals(match)) {
            refuse(Refusal.BAD_ID);
            return;
        }
        Book book = books.computeIfAbsent(match, id -> new Book(id, partition));
        wake(book, logTime);
        try {
            done(book, machine.apply(book.store, record, logTime), logTime);
        } catch (RuntimeException e) {
            // As the job does: one broken book is quarantined, the others go on.
            done(book, machine.fault(book.store, record, logTime, String.valueOf(e)), logTime);
        }
    }

    private void refuse(Refusal reason) {
        refused.merge(reason, 1L, Long::sum);
    }

    /** Kafka's own choice for a key. */
    static int partition(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    /** Every wake-up that is due, each at its own time. */
    private void wake(Book book, long logTime) {
        while (book.wakeAt <= logTime) {
            long due = book.wakeAt;
            Step step;
            try {
                step = machine.wake(book.store, book.match, due);
            } catch (RuntimeException e) {
                step = machine.fault(book.store, book.match, due);
            }
            done(book, step, due);
            if (book.wakeAt <= due) {
                throw new IllegalStateException(
                        "the machine leaves a wake-up due: match=" + book.match + " due=" + due);
            }
        }
    }

    private void done(Book book, Step step, long logTime) {
        for (Refused one : step.refused()) {
            refuse(one.reason());
        }
        for (MarketUpdate update : step.updates()) {
            Verdict verdict = book.replica.apply(update);
            listener.decided(book.partition, update, logTime, book.replica, verdict);
        }
        book.wakeAt = step.wakeAt();
    }

    /** Wakes every book up to the log time of its partition, as timers do when no further record comes. */
    void finish() {
        for (Book book : new TreeMap<>(books).values()) {
            wake(book, logTimes[book.partition]);
        }
    }

    long records() {
        return records;
    }

    long ticks() {
        return ticks;
    }

    int matches() {
        return books.size();
    }

    Map<Refusal, Long> refused() {
        return refused;
    }

    /** Books that are live or upcoming, every other has ended. */
    long open() {
        return books.values().stream()
                .filter(book -> book.replica.position() != null && !book.replica.ended())
                .count();
    }
}
