package touchline.audit;

import io.lettuce.core.StreamMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/**
 * All that Redis holds, read while it may be written: per shard first the beat, then the stream, then the hashes. So
 * what a beat covers is in the stream or trimmed, and a hash is never behind what was read of its stream.
 */
final class Snapshot {

    private final long[] beats;
    private final boolean[] whole;
    private final Map<String, List<Said>> said = new HashMap<>();
    private final Map<String, MatchHash> hashes = new TreeMap<>();
    private final Tally tally = new Tally();
    private final Shortlist differences;

    private Snapshot(int shards, Shortlist differences) {
        beats = new long[shards];
        whole = new boolean[shards];
        this.differences = differences;
    }

    static Snapshot read(RedisReader redis, Shortlist differences) {
        redis.requireShards();
        Snapshot snapshot = new Snapshot(redis.shards().count(), differences);
        for (int shard = 0; shard < redis.shards().count(); shard++) {
            snapshot.readShard(redis, shard);
        }
        for (String fault : snapshot.tally.faults()) {
            differences.add(Difference.Kind.STREAM, "", null, fault);
        }
        return snapshot;
    }

    private void readShard(RedisReader redis, int shard) {
        beats[shard] = redis.beat(shard);
        String lastWritten = redis.meta(shard).get("last");
        ShardReader reader = new ShardReader(shard, tally);
        boolean sawLast = lastWritten == null || lastWritten.equals(Entry.BEGINNING);
        String cursor = null;
        List<StreamMessage<String, byte[]>> page = redis.page(shard, cursor);
        while (!page.isEmpty()) {
            for (StreamMessage<String, byte[]> message : page) {
                cursor = message.getId();
                sawLast |= cursor.equals(lastWritten);
                take(reader, message);
            }
            page = redis.page(shard, cursor);
        }
        whole[shard] = reader.fromBeginning() || reader.last() == null;
        // A stream whose every entry was trimmed ends nowhere: then the last one need not be in it.
        if (!sawLast && cursor != null) {
            differences.add(
                    Difference.Kind.STREAM,
                    "",
                    null,
                    "shard " + shard + ": the entry written last, " + lastWritten + ", is not in the stream");
        }
        readHashes(redis, shard, reader);
    }

    private void take(ShardReader reader, StreamMessage<String, byte[]> message) {
        try {
            Entry entry = RedisReader.entry(message);
            if (reader.take(entry) == Verdict.UNFOLLOWED && reader.fromBeginning()) {
                differences.add(
                        Difference.Kind.STREAM,
                        entry.update().match(),
                        entry.update().position(),
                        "the first update of the match in an untrimmed stream is no image, entry " + entry.id());
            }
            said.computeIfAbsent(entry.update().match(), match -> new ArrayList<>())
                    .add(Said.of(entry, reader.shard()));
        } catch (IllegalArgumentException e) {
            tally.unreadable(reader.shard(), message.getId(), String.valueOf(e.getMessage()));
        }
    }

    private void readHashes(RedisReader redis, int shard, ShardReader reader) {
        Set<String> indexed = redis.index(shard);
        Set<String> wanted = new TreeSet<>(indexed);
        wanted.addAll(reader.replicas().keySet());
        Map<String, MatchHash> found = redis.hashes(wanted);
        Set<String> indexedNow = redis.index(shard);
        for (String match : wanted) {
            MatchHash hash = found.get(match);
            if (hash == null) {
                if (indexed.contains(match) && indexedNow.contains(match)) {
                    differences.add(Difference.Kind.INDEX, match, null, "is in the index and has no hash");
                }
                continue;
            }
            hashes.put(match, hash);
            if (!indexed.contains(match) && !indexedNow.contains(match)) {
                differences.add(Difference.Kind.INDEX, match, hash.position(), "has a hash and is not in the index");
            }
            Replica replica = reader.replicas().get(match);
            Position streamed = replica == null ? null : replica.position();
            if (streamed != null && hash.position().compareTo(streamed) < 0) {
                differences.add(
                        Difference.Kind.POSITION,
                        match,
                        hash.position(),
                        "the hash is behind its stream, at " + streamed);
            } else if (replica != null
                    && replica.whole()
                    && hash.position().equals(streamed)
                    && !replica.cells().equals(hash.cells())) {
                differences.add(
                        Difference.Kind.CELLS,
                        match,
                        hash.position(),
                        "hash and stream disagree: " + Cells.compare("hash", hash.cells(), "stream", replica.cells()));
            }
        }
    }

    Tally tally() {
        return tally;
    }

    long beat(int shard) {
        return beats[shard];
    }

    /** Was nothing trimmed off the shard's stream? */
    boolean whole(int shard) {
        return whole[shard];
    }

    long trimmedShards() {
        long trimmed = 0;
        for (boolean complete : whole) {
            trimmed += complete ? 0 : 1;
        }
        return trimmed;
    }

    /** What the streams said of a match, in stream order. */
    List<Said> said(String match) {
        return said.getOrDefault(match, List.of());
    }

    long hashes() {
        return hashes.size();
    }

    @Nullable
    MatchHash hash(String match) {
        return hashes.get(match);
    }

    /** Every match of which anything is known. */
    Set<String> matches() {
        Set<String> matches = new TreeSet<>(said.keySet());
        matches.addAll(hashes.keySet());
        return Collections.unmodifiableSet(matches);
    }
}
