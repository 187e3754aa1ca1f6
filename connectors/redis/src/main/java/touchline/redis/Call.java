package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;
import touchline.update.UpdateJson;

/**
 * One call of {@code apply.lua}: a batch of a shard's updates, or none, and the beat when it is due. Its bytes are made
 * once; sent again, it is the same call.
 */
final class Call {

    private static final byte[] POSITION = "#pos".getBytes(UTF_8);
    private static final String SUM = "#sum/";

    private final int shard;
    private final List<MarketUpdate> updates;
    private final long beat;
    private final byte[][] keys;
    private final byte[][] args;
    private int attempt = 1;

    /**
     * @param last the id of the shard's last entry as far as the writer knows
     * @param beat log time up to which the shard is complete after this call, 0 for unknown, negative when not due
     * @param published when it is sent, ms
     */
    Call(
            Shards shards,
            RedisConfig config,
            int shard,
            String writer,
            long number,
            String last,
            long beat,
            long published,
            List<MarketUpdate> updates) {
        this.shard = shard;
        this.updates = updates;
        this.beat = beat;
        List<byte[]> keys = new ArrayList<>(4 + updates.size());
        keys.add(shards.metaKey(shard).getBytes(UTF_8));
        keys.add(shards.streamKey(shard).getBytes(UTF_8));
        keys.add(shards.indexKey(shard).getBytes(UTF_8));
        keys.add(shards.beatKey(shard).getBytes(UTF_8));
        List<byte[]> args = new ArrayList<>(7 + updates.size() * 24);
        args.add(writer.getBytes(UTF_8));
        args.add(number(number));
        args.add(last.getBytes(UTF_8));
        args.add(beat < 0 ? new byte[0] : number(beat));
        args.add(number(config.streamMax()));
        args.add(number(config.streamAgeMs()));
        args.add(number(config.tombstoneMs()));
        String prefix = shards.prefix(shard) + "m:";
        for (MarketUpdate update : updates) {
            keys.add((prefix + update.match()).getBytes(UTF_8));
            add(update, published, args);
        }
        this.keys = keys.toArray(new byte[0][]);
        this.args = args.toArray(new byte[0][]);
    }

    private static void add(MarketUpdate update, long published, List<byte[]> args) {
        Position at = update.position();
        boolean patch = update.kind() == MarketUpdate.Kind.PATCH;
        String before =
                at.version() == 0 ? "" : new Position(at.generation(), at.created(), at.version() - 1).toString();
        args.add(update.kind().name().substring(0, 1).getBytes(UTF_8));
        args.add((patch ? before : update.match()).getBytes(UTF_8));
        args.add(UpdateJson.write(update.withTimes(update.times().publishedAt(published))));
        int counts = args.size();
        for (int i = 0; i < 4; i++) {
            args.add(new byte[0]);
        }
        int sums = 0;
        int gone = 0;
        int from = args.size();
        args.add(POSITION);
        args.add(at.toString().getBytes(UTF_8));
        for (Map.Entry<String, String> cell : update.set().entrySet()) {
            args.add(cell.getKey().getBytes(UTF_8));
            args.add(cell.getValue().getBytes(UTF_8));
        }
        for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
            String value = sum.getValue();
            if (value == null) {
                gone++;
            } else {
                sums++;
                args.add((SUM + sum.getKey()).getBytes(UTF_8));
                args.add(value.getBytes(UTF_8));
            }
        }
        int set = args.size() - from;
        for (String cell : update.del()) {
            args.add(cell.getBytes(UTF_8));
        }
        if (gone > 0) {
            for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
                if (sum.getValue() == null) {
                    args.add((SUM + sum.getKey()).getBytes(UTF_8));
                }
            }
        }
        args.set(counts, number(set));
        args.set(counts + 1, number(sums));
        args.set(counts + 2, number(args.size() - from - set));
        args.set(counts + 3, number(gone));
    }

    private static byte[] number(long number) {
        return Long.toString(number).getBytes(UTF_8);
    }

    int shard() {
        return shard;
    }

    List<MarketUpdate> updates() {
        return updates;
    }

    long beat() {
        return beat;
    }

    byte[][] keys() {
        return keys;
    }

    byte[][] args() {
        return args;
    }

    /** How often it has been sent. */
    int attempt() {
        return attempt;
    }

    void again() {
        attempt++;
    }
}
