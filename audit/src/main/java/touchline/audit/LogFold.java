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
import touchline.feed.Kind;
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

    private final MarketMachine machine;
    private final int partitions;
    private final Listener listener;
    private final long[] logTimes;
    private final Map<String, Book> books = new HashMap<>();
    private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    private final Map<Kind, Long> kinds = new EnumMap<>(Kind.class);
    private long records;

    LogFold(MarketRules rules, int partitions, Listener listener) {
        this.machine = new MarketMachine(rules);
        this.partitions = partitions;
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
        FeedRecord record;
        try {
            if (value == null) {
                throw new RefusedException(Refusal.NOT_JSON, "a record without a value");
            }
            record = FeedJson.read(value);
        } catch (RefusedException e) {
            refused.merge(e.reason(), 1L, Long::sum);
            return;
        }
        kinds.merge(record.kind(), 1L, Long::sum);
        if (record.kind() == Kind.TICK) {
            return;
        }
        byte[] id = record.match().getBytes(UTF_8);
        if (key == null || !Arrays.equals(key, id)) {
            refused.merge(Refusal.BAD_ID, 1L, Long::sum);
            return;
        }
        if (partition(key, partitions) != partition) {
            refused.merge(Refusal.WRONG_PARTITION, 1L, Long::sum);
            return;
        }
        Book book = books.computeIfAbsent(record.match(), match -> new Book(match, partition));
        step(book, record, logTime);
    }

    /** Kafka's own choice for a key. */
    static int partition(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    private void step(Book book, FeedRecord record, long logTime) {
        Step step;
        try {
            step = machine.apply(book.store, record, logTime);
        } catch (RuntimeException e) {
            // As the job does: one broken book is quarantined, the others go on.
            step = machine.fault(book.store, record, logTime, String.valueOf(e));
        }
        done(book, step, logTime);
    }

    private void done(Book book, Step step, long logTime) {
        for (Refused one : step.refused()) {
            refused.merge(one.reason(), 1L, Long::sum);
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
            while (book.wakeAt <= logTimes[book.partition]) {
                long due = book.wakeAt;
                done(book, machine.wake(book.store, book.match, due), due);
                if (book.wakeAt <= due) {
                    throw new IllegalStateException(
                            "the machine leaves a wake-up due: match=" + book.match + " due=" + due);
                }
            }
        }
    }

    long records() {
        return records;
    }

    long ticks() {
        return kinds.getOrDefault(Kind.TICK, 0L);
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
