package touchline.update;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * Which shard a match belongs to, and the Redis keys of a shard. The tags are chosen so that the shards of a cluster
 * spread evenly over its 16,384 slots: shard i's tag hashes into the i-th of {@code count} equal ranges.
 */
public final class Shards {

    /** Holds the count of shards, fixed at the first start: from it follow all other keys. */
    public static final String COUNT_KEY = "tl:shards";

    private static final int SLOTS = 16384;
    private static final int MAX = 1024;

    private final List<String> tags;

    /** @throws IllegalArgumentException when the count is not within 1..1024 */
    public Shards(int count) {
        if (count < 1 || count > MAX) {
            throw new IllegalArgumentException("shards must be within 1.." + MAX + ", not " + count);
        }
        tags = new ArrayList<>(count);
        for (int shard = 0; shard < count; shard++) {
            tags.add(tag(shard, count));
        }
    }

    public int count() {
        return tags.size();
    }

    /** The shard of a match, 0 based. */
    public int of(String match) {
        return Integer.remainderUnsigned(Murmur3.hash(match.getBytes(UTF_8), 0), tags.size());
    }

    /** The hash that holds a match's cells, its position {@code #pos} and sums {@code #sum/<group>}. */
    public String matchKey(String match) {
        return prefix(of(match)) + "m:" + match;
    }

    /** The stream of a shard's updates. */
    public String streamKey(int shard) {
        return prefix(shard) + "s";
    }

    /** The sorted set of a shard's matches; score 0, or for an ended match the time when its tombstone goes. */
    public String indexKey(int shard) {
        return prefix(shard) + "index";
    }

    /** The log time up to which a shard is complete, ms. */
    public String beatKey(int shard) {
        return prefix(shard) + "beat";
    }

    /** The hash that pins a shard to its writer: shards, generation, rules, topic, last. */
    public String metaKey(int shard) {
        return prefix(shard) + "meta";
    }

    /** The part that all keys of a shard share, as {@code tl:{0.3}:}. */
    public String prefix(int shard) {
        return "tl:{" + tags.get(shard) + "}:";
    }

    private static String tag(int shard, int count) {
        int from = (int) ((long) shard * SLOTS / count);
        int to = (int) ((long) (shard + 1) * SLOTS / count);
        for (int salt = 0; ; salt++) {
            String tag = shard + "." + salt;
            int slot = crc16(tag) % SLOTS;
            if (from <= slot && slot < to) {
                return tag;
            }
        }
    }

    /** CRC16 as Redis Cluster uses it (XMODEM). */
    private static int crc16(String text) {
        int crc = 0;
        for (byte b : text.getBytes(US_ASCII)) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            }
        }
        return crc & 0xffff;
    }
}
