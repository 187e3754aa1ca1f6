package touchline.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import touchline.feed.Seq;
import touchline.postgres.Captured.Document;
import touchline.postgres.Captured.LinkRow;
import touchline.postgres.Captured.Unusable;

/**
 * Up to which revision each row has been read from the change stream. Its stream's thread writes, a look at the tables reads
 * beside it.
 */
final class Ledger {

    /** A row of one of the two tables that are read. */
    record Key(String source, String id) {}

    /**
     * A row was read at this revision.
     *
     * @param at when the row was written, ms UTC
     */
    record Entry(Key key, Seq seq, long at) {}

    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

    /** A row has come, in whatever way. */
    void read(Captured captured) {
        Entry entry = entry(captured);
        if (entry != null) {
            entries.merge(entry.key, entry, (before, now) -> now.seq.compareTo(before.seq) > 0 ? now : before);
        }
    }

    boolean isBehind(Key key, Seq seq) {
        Entry read = entries.get(key);
        return read == null || read.seq.compareTo(seq) < 0;
    }

    boolean isBehind(Captured captured) {
        Entry entry = entry(captured);
        return entry != null && isBehind(entry.key, entry.seq);
    }

    /** As if all these had been read. */
    void take(Iterable<Entry> known) {
        known.forEach(entry -> entries.put(entry.key, entry));
    }

    /** Rows that were written before then are not compared any more. */
    void forgetBefore(long at) {
        entries.values().removeIf(entry -> entry.at < at);
    }

    List<Entry> entries() {
        return new ArrayList<>(entries.values());
    }

    private static @Nullable Entry entry(Captured captured) {
        if (captured instanceof Document document) {
            return new Entry(
                    new Key(Captured.DOCUMENTS, document.match()),
                    new Seq(document.generation(), document.rev()),
                    document.at());
        } else if (captured instanceof LinkRow link) {
            return new Entry(
                    new Key(Captured.LINKS, link.providerMatch()), new Seq(link.generation(), link.rev()), link.at());
        } else if (captured instanceof Unusable unusable && unusable.seq() != null) {
            // It has come, and was refused: that is no loss.
            Key key = new Key(unusable.refused().source(), unusable.refused().match());
            return new Entry(key, unusable.seq(), System.currentTimeMillis());
        }
        return null;
    }
}
