package touchline.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;

/**
 * Reads all that Redis holds and said, then folds the feed log from its beginning with a fresh machine, and compares
 * update by update and cell by cell. It may run while the system does: Redis is read first, so the fold can only be
 * further on; what the fold has beyond a shard's beat is pending, what the beat covers must be there.
 *
 * <p>It needs the rules that the market job runs with, their generation unchanged since the job began the log: books
 * that were restored under a new generation count from there, and no fold from the beginning can know where. What was trimmed, off the log or off a stream, it cannot judge:
 * it says so and compares the rest.
 */
public final class Audit {

    private static final long DAY_MS = 86_400_000;

    private final AuditTarget target;
    private final Shards shards;
    private final Shortlist differences;
    private final Map<String, Trail> trails = new HashMap<>();
    private final RedisReader redis;
    private final Snapshot snapshot;
    private final FeedLog log;
    private long entriesCompared;
    private long hashesCompared;
    private long cellsCompared;
    private long decided;
    private long pending;
    private long otherGeneration;
    private long unknowable;
    private long expired;

    private Audit(AuditTarget target, RedisReader redis, Snapshot snapshot, FeedLog log, Shortlist differences) {
        this.target = target;
        this.shards = redis.shards();
        this.redis = redis;
        this.snapshot = snapshot;
        this.log = log;
        this.differences = differences;
        for (String match : snapshot.matches()) {
            trails.put(match, new Trail(snapshot.said(match), snapshot.hash(match)));
        }
    }

    /**
     * @param maxDifferences how many are kept in words; all are counted
     * @throws IllegalStateException when there is nothing to audit, or a server does not answer
     */
    public static AuditReport run(AuditTarget target, int maxDifferences) {
        Shortlist differences = new Shortlist(maxDifferences);
        try (RedisReader redis = RedisReader.open(target.redis(), new Shards(target.shards()))) {
            Snapshot snapshot = Snapshot.read(redis, differences);
            // Only now the end of the log: whatever Redis held came from records before it.
            try (FeedLog log = new FeedLog(target.kafka(), target.topic())) {
                return new Audit(target, redis, snapshot, log, differences).run();
            }
        }
    }

    private AuditReport run() {
        LogFold fold = new LogFold(target.rules(), log.partitions(), target.maxRecordBytes(), this::decided);
        log.read(record -> fold.take(record.partition(), record.timestamp(), record.key(), record.value()));
        fold.finish();
        new TreeMap<>(trails).forEach(this::finish);
        return new AuditReport(
                new AuditReport.Log(
                        log.partitions(), log.trimmedPartitions(), fold.records(), fold.ticks(), words(fold.refused())),
                new AuditReport.Fold(fold.matches(), fold.open(), decided),
                new AuditReport.Streams(
                        shards.count(),
                        snapshot.trimmedShards(),
                        snapshot.tally().entries(),
                        entriesCompared),
                new AuditReport.Hashes(snapshot.hashes(), hashesCompared, cellsCompared),
                new AuditReport.Left(pending, otherGeneration, unknowable, expired),
                words(differences.counts()),
                differences.kept());
    }

    private static SortedMap<String, Long> words(Map<? extends Enum<?>, Long> counts) {
        SortedMap<String, Long> words = new TreeMap<>();
        counts.forEach((reason, count) -> words.put(reason.name().toLowerCase(Locale.ROOT), count));
        return words;
    }

    private void decided(int partition, MarketUpdate update, long logTime, Replica replica, Verdict verdict) {
        decided++;
        Position position = update.position();
        Trail trail = trails.computeIfAbsent(update.match(), match -> new Trail(List.of(), null));
        if (verdict != Verdict.APPLIED) {
            differences.add(
                    Difference.Kind.UPDATE, update.match(), position, "the fold itself breaks its promise: " + verdict);
        }
        for (Said said = trail.peek(); said != null && said.position().compareTo(position) < 0; said = trail.peek()) {
            trail.next++;
            neverDecided(update.match(), trail, said, partition);
        }
        Said said = trail.peek();
        if (said != null && said.position().equals(position)) {
            trail.next++;
            compare(said, update, replica);
        } else if (!trail.holds(position)) {
            missing(trail, update, logTime);
        }
        trail.reached = position;
        trail.ended = update.kind() == MarketUpdate.Kind.END;
        trail.endedAt = logTime;
        compareHash(trail, position, replica, partition);
    }

    private void compare(Said said, MarketUpdate update, Replica replica) {
        entriesCompared++;
        boolean same = said.patch()
                ? update.kind() == MarketUpdate.Kind.PATCH && said.fingerprint() == Said.patch(update)
                : said.end() == (update.kind() == MarketUpdate.Kind.END)
                        && said.fingerprint() == Said.state(replica.cells(), new TreeMap<>(replica.sums()));
        if (!same) {
            differences.add(Difference.Kind.UPDATE, update.match(), said.position(), explain(said, update, replica));
        }
    }

    /** Reads the entry again to say what is different in it; it may have been trimmed meanwhile. */
    private String explain(Said said, MarketUpdate update, Replica replica) {
        Entry entry = redis.entry(said.shard(), said.id());
        if (entry == null) {
            return "entry " + said.id() + " differs from the fold (it was trimmed meanwhile)";
        }
        MarketUpdate there = entry.update();
        String kinds = there.kind() == update.kind() ? "" : " kind redis=" + there.kind() + " fold=" + update.kind();
        if (!said.patch()) {
            return "entry " + said.id() + kinds + " " + Cells.compare("redis", there.set(), "fold", replica.cells())
                    + "; sums: " + Cells.compare("redis", there.sums(), "fold", replica.sums());
        }
        return "entry " + said.id() + kinds + " " + Cells.compare("redis", there.set(), "fold", update.set())
                + "; sums: " + Cells.compare("redis", there.sums(), "fold", update.sums())
                + (there.del().equals(update.del()) ? "" : "; del redis=" + there.del() + " fold=" + update.del())
                + (sameTimes(there, update) ? "" : "; times redis=" + there.times() + " fold=" + update.times());
    }

    private static boolean sameTimes(MarketUpdate a, MarketUpdate b) {
        return a.times().source() == b.times().source()
                && a.times().ingest() == b.times().ingest()
                && a.times().log() == b.times().log();
    }

    private void missing(Trail trail, MarketUpdate update, long logTime) {
        if (logTime > snapshot.beat(shards.of(update.match()))) {
            pending++;
            return;
        }
        if (trail.missing == null) {
            trail.missing = update.position();
        }
        trail.missingCount++;
    }

    private void compareHash(Trail trail, Position position, Replica replica, int partition) {
        MatchHash hash = trail.hash;
        if (hash == null || trail.hashMet || hash.position().compareTo(position) > 0) {
            return;
        }
        trail.hashMet = true;
        if (!hash.position().equals(position)) {
            unreached(hash, partition);
            return;
        }
        hashesCompared++;
        cellsCompared += hash.cells().size();
        SortedMap<String, String> cells = replica.cells();
        if (!hash.cells().equals(cells)) {
            differences.add(
                    Difference.Kind.CELLS, hash.match(), position, Cells.compare("redis", hash.cells(), "fold", cells));
        }
        SortedMap<String, String> sums = sums(hash.cells());
        if (!hash.sums().equals(sums)) {
            differences.add(
                    Difference.Kind.SUM,
                    hash.match(),
                    position,
                    "sums: " + Cells.compare("redis", hash.sums(), "its cells", sums));
        }
    }

    private static SortedMap<String, String> sums(Map<String, String> cells) {
        SortedMap<String, Long> sums = new TreeMap<>();
        cells.forEach((cell, value) -> sums.merge(
                MarketUpdate.group(cell), Checksum.plus(Checksum.EMPTY, MarketUpdate.field(cell), value), Audit::sum));
        SortedMap<String, String> hex = new TreeMap<>();
        sums.forEach((group, sum) -> hex.put(group, Checksum.hex(sum)));
        return hex;
    }

    /** Adds two checksums lane by lane. */
    private static long sum(long a, long b) {
        return ((a >>> 32) + (b >>> 32)) << 32 | ((a + b) & 0xffffffffL);
    }

    private void finish(String match, Trail trail) {
        int partition = LogFold.partition(match.getBytes(UTF_8), log.partitions());
        for (Said said = trail.peek(); said != null; said = trail.peek()) {
            trail.next++;
            neverDecided(match, trail, said, partition);
        }
        if (trail.hash != null && !trail.hashMet) {
            unreached(trail.hash, partition);
        }
        if (trail.missing == null) {
            return;
        }
        boolean tombstoneGone = trail.ended
                && trail.hash == null
                && trail.said.isEmpty()
                && trail.endedAt < System.currentTimeMillis() - DAY_MS;
        if (tombstoneGone) {
            expired++;
        } else if (log.trimmed(partition)) {
            unknowable++;
        } else {
            differences.add(
                    Difference.Kind.MISSING,
                    match,
                    trail.missing,
                    trail.missingCount + " updates that the beat covers are not in Redis, which is at "
                            + (trail.hash == null ? "nothing" : trail.hash.position()));
        }
    }

    private void neverDecided(String match, Trail trail, Said said, int partition) {
        if (trail.reached != null && said.position().compareTo(trail.reached) <= 0) {
            return; // A repeat or a step back: told of when the stream was read.
        }
        if (said.position().generation() != target.rules().generation()) {
            otherGeneration++;
        } else if (log.trimmed(partition)) {
            unknowable++;
        } else {
            differences.add(
                    Difference.Kind.NEVER_DECIDED,
                    match,
                    said.position(),
                    "entry " + said.id() + " of shard " + said.shard() + " does not follow from the log");
        }
    }

    private void unreached(MatchHash hash, int partition) {
        if (hash.position().generation() != target.rules().generation()) {
            otherGeneration++;
        } else if (log.trimmed(partition)) {
            unknowable++;
        } else {
            differences.add(
                    Difference.Kind.POSITION,
                    hash.match(),
                    hash.position(),
                    "the hash is at a position that does not follow from the log");
        }
    }
}
