package touchline.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.book.MapStore;
import touchline.book.MarketMachine;
import touchline.book.Step;
import touchline.feed.FeedRecord;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.simulator.FeedLogModel.Entry;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/**
 * What is true: the fold of the log by a machine of its own that never crashes, straight over the partitions, one after the
 * other. There is one for each generation of the rules, since each tells the history anew.
 */
final class Truth {

    /**
     * Something that is said of a match, and all that is said of it then.
     *
     * @param logTime of what caused it
     * @param appendedAt virtual time at which the log had the cause
     */
    record Said(MarketUpdate update, Cells cells, long logTime, long appendedAt, int index) {

        Position position() {
            return update.position();
        }

        boolean ended() {
            return update.kind() == MarketUpdate.Kind.END;
        }
    }

    private final Chain chain;
    private final SortedMap<Integer, Lineage> lineages = new TreeMap<>();
    /** Matches of which a quote was refused for its stamp. */
    private final Set<String> shortOfQuotes = new HashSet<>();

    Truth(Chain chain) {
        this.chain = chain;
    }

    /** A generation begins: from nothing, or with the books of a checkpoint. */
    void begin(int generation, @Nullable Checkpoint from) {
        lineages.put(generation, new Lineage(generation, from));
    }

    Lineage current() {
        return Objects.requireNonNull(lineages.get(lineages.lastKey()));
    }

    @Nullable
    Lineage of(long generation) {
        return lineages.get((int) generation);
    }

    /** Was a quote of the match refused for its stamp? It is told again with the next full view only. */
    boolean isShortOfQuotes(String match) {
        return shortOfQuotes.contains(match);
    }

    /** What is said at a position; null when nothing ever is. */
    @Nullable
    Said at(String match, Position position) {
        Lineage lineage = lineages.get((int) position.generation());
        return lineage == null ? null : lineage.at(match, position);
    }

    /** One generation's fold. */
    final class Lineage {

        private final int generation;
        private final Bookkeeper keeper;
        private final SortedMap<String, Book> books = new TreeMap<>();
        private final int[] folded;
        private final long[] maxima;
        private final Map<Entry, List<Refusal>> refused = new HashMap<>();
        private final Doubt doubt;
        private final boolean fromMidst;
        final long startedAt = chain.time.now();

        private Lineage(int generation, @Nullable Checkpoint from) {
            this.generation = generation;
            fromMidst = from != null;
            keeper = new Bookkeeper(new MarketMachine(Chain.rules(generation)), chain.has(Flaw.EPOCH_CELL_RESTARTS));
            folded = from == null ? new int[chain.log.partitions()] : from.offsets.clone();
            maxima = from == null ? new long[chain.log.partitions()] : from.maxima.clone();
            doubt = new Doubt(chain, from != null);
            if (from != null) {
                from.books.forEach((match, keyed) -> {
                    Book book = new Book(match, keyed.store.copy());
                    books.put(match, book);
                    keeper.image(book.store, match)
                            .updates()
                            .forEach(image -> book.say(image, image.times().log(), startedAt));
                    book.wakeAt = MarketMachine.wakeAt(book.store);
                });
            }
        }

        int generation() {
            return generation;
        }

        /** What came before is another generation's. */
        boolean isFromMidst() {
            return fromMidst;
        }

        @Nullable
        Said at(String match, Position position) {
            Book book = books.get(match);
            Said said = book == null ? null : book.at.get(position);
            if (said == null) {
                catchUp();
                book = books.get(match);
                said = book == null ? null : book.at.get(position);
            }
            return said;
        }

        /** All that is said of a match, in its order. */
        List<Said> history(String match) {
            catchUp();
            Book book = books.get(match);
            return book == null ? List.of() : book.said;
        }

        @Nullable
        Said last(String match) {
            List<Said> history = history(match);
            return history.isEmpty() ? null : history.get(history.size() - 1);
        }

        /** The reasons for which an entry, or parts of it, are refused. */
        List<Refusal> refused(Entry entry) {
            catchUp();
            return refused.getOrDefault(entry, List.of());
        }

        Map<Entry, List<Refusal>> refused() {
            catchUp();
            return refused;
        }

        Doubt doubt() {
            return doubt;
        }

        void catchUp() {
            for (int partition = 0; partition < folded.length; partition++) {
                List<Entry> entries = chain.log.entries(partition);
                while (folded[partition] < entries.size()) {
                    fold(entries.get(folded[partition]++));
                }
            }
        }

        private void fold(Entry entry) {
            long logTime = Math.max(maxima[entry.partition()], entry.timestamp());
            maxima[entry.partition()] = logTime;
            for (Map.Entry<String, Book> each : books.entrySet()) {
                Book book = each.getValue();
                if (book.wakeAt <= logTime && chain.log.partitionOf(each.getKey()) == entry.partition()) {
                    take(book, keeper.wake(book.store, book.match, logTime), entry, logTime);
                }
            }
            String match = entry.match();
            if (match == null) {
                return;
            }
            FeedRecord record;
            try {
                record = entry.read();
            } catch (RefusedException e) {
                refused.put(entry, List.of(e.reason()));
                return;
            }
            Book book = books.computeIfAbsent(match, m -> new Book(m, new MapStore()));
            doubt.hears(record, logTime);
            take(book, keeper.apply(book.store, record, logTime), entry, logTime);
        }

        private void take(Book book, Step step, Entry entry, long logTime) {
            for (MarketUpdate update : step.updates()) {
                Said before = book.last();
                book.say(update, Math.min(logTime, update.times().log()), entry.appendedAt());
                doubt.says(book.match, before, book.last(), logTime);
            }
            if (!step.refused().isEmpty()) {
                List<Refusal> reasons =
                        step.refused().stream().map(Refused::reason).toList();
                refused.put(entry, reasons);
                if (reasons.contains(Refusal.STAMP_IN_FUTURE)) {
                    shortOfQuotes.add(book.match);
                }
            }
            book.wakeAt = step.wakeAt();
        }
    }

    /** A match's book and all that came of it. */
    private final class Book {
        private final String match;
        private final MapStore store;
        private long wakeAt = Long.MAX_VALUE;
        private final List<Said> said = new ArrayList<>();
        private final Map<Position, Said> at = new HashMap<>();

        Book(String match, MapStore store) {
            this.match = match;
            this.store = store;
        }

        @Nullable
        Said last() {
            return said.isEmpty() ? null : said.get(said.size() - 1);
        }

        void say(MarketUpdate update, long logTime, long appendedAt) {
            Said before = last();
            Cells cells = (before == null ? Cells.NONE : before.cells).after(update);
            Said now = new Said(update, cells, logTime, appendedAt, said.size());
            chain.promises.order.follows(match, before, now);
            if (!cells.fit(update.sums())) {
                throw new Broken(
                        Promise.P2_STATE,
                        match,
                        "the book's checksums are not those of its cells: " + Trace.show(update));
            }
            said.add(now);
            at.put(now.position(), now);
            if (chain.trace.on) {
                chain.trace.say(match, "truth " + Trace.show(update));
            }
        }
    }
}
