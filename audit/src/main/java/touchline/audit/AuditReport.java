package touchline.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an audit compared, what it could not, and every difference.
 *
 * @param counts all differences by kind
 * @param differences the first of them in words
 */
public record AuditReport(
        Log log,
        Fold fold,
        Streams streams,
        Hashes hashes,
        Left left,
        SortedMap<String, Long> counts,
        List<Difference> differences) {

    public AuditReport {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
        differences = List.copyOf(differences);
    }

    /** The feed log as it was read. */
    public record Log(int partitions, long trimmed, long records, long ticks, SortedMap<String, Long> refused) {
        public Log {
            refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
        }
    }

    /** What follows from it. */
    public record Fold(int matches, long open, long updates) {}

    /** @param trimmed streams whose beginning is gone */
    public record Streams(int shards, long trimmed, long entries, long compared) {}

    /** The match hashes. */
    public record Hashes(long hashes, long compared, long cells) {}

    /**
     * What was not compared.
     *
     * @param pending decided behind the beat: not due in Redis yet
     * @param otherGeneration said under other rules
     * @param beforeLog what it follows from was trimmed off the log
     * @param expired ended so long ago that their tombstone is gone
     */
    public record Left(long pending, long otherGeneration, long beforeLog, long expired) {}

    /** How many differences there are. */
    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    public boolean clean() {
        return total() == 0;
    }

    /** For people to read. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "feed log",
                "%,d records in %d partitions, %,d of them ticks%s",
                log.records(),
                log.partitions(),
                log.ticks(),
                log.trimmed() == 0
                        ? ", from the first one on"
                        : "; the beginning of " + log.trimmed() + " partitions is trimmed"));
        lines.add(line(
                "folded", "%,d updates of %,d matches, %,d not ended", fold.updates(), fold.matches(), fold.open()));
        lines.add(line(
                "streams",
                "%,d of %,d entries of %d shards compared%s",
                streams.compared(),
                streams.entries(),
                streams.shards(),
                streams.trimmed() == 0
                        ? ", from the first one on"
                        : "; the beginning of " + streams.trimmed() + " streams is trimmed"));
        lines.add(line(
                "hashes",
                "%,d of %,d compared at the same position: %,d cells and their checksums",
                hashes.compared(),
                hashes.hashes(),
                hashes.cells()));
        lines.add(line("not due yet", "%,d updates behind the shards' beats", left.pending()));
        if (left.otherGeneration() > 0) {
            lines.add(line("other rules", "%,d positions of another generation, not compared", left.otherGeneration()));
        }
        if (left.beforeLog() > 0) {
            lines.add(line("trimmed", "%,d positions follow from what the log no longer has", left.beforeLog()));
        }
        if (left.expired() > 0) {
            lines.add(line("expired", "%,d ended matches have no tombstone any more", left.expired()));
        }
        lines.add(line("refused", "%s", words(log.refused())));
        lines.add(line(
                "differences",
                "%s",
                clean() ? "none" : String.format(Locale.ROOT, "%,d", total()) + ": " + words(counts)));
        for (Difference difference : differences) {
            lines.add("  " + difference);
        }
        if (differences.size() < total()) {
            lines.add(String.format(Locale.ROOT, "  and %,d more", total() - differences.size()));
        }
        return lines;
    }

    private static String line(String name, String format, Object... values) {
        return String.format(Locale.ROOT, "%-12s ", name) + String.format(Locale.ROOT, format, values);
    }

    private static String words(Map<String, Long> counts) {
        List<String> words = new ArrayList<>();
        counts.forEach((name, count) -> words.add(name + " " + String.format(Locale.ROOT, "%,d", count)));
        return words.isEmpty() ? "none" : String.join(", ", words);
    }
}
