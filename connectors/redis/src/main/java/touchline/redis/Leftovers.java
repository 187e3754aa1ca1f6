package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;
import touchline.update.Times;

/**
 * Finds what an older generation has left in a shard as current, and says how it ends. A job that began anew knows
 * nothing of a match that its log no longer tells of: nobody else would ever end it.
 */
final class Leftovers {

    /** Matches in one look. */
    private static final int PAGE = 500;

    private final RedisLink link;
    private final Shards shards;
    private final long generation;

    Leftovers(RedisLink link, Shards shards, long generation) {
        this.link = link;
        this.shards = shards;
        this.generation = generation;
    }

    /** @param logTime when they end */
    CompletionStage<List<MarketUpdate>> endings(int shard, long logTime) {
        return endings(shard, logTime, 0, new ArrayList<>());
    }

    private CompletionStage<List<MarketUpdate>> endings(int shard, long logTime, int offset, List<MarketUpdate> found) {
        byte[][] keys = {shards.indexKey(shard).getBytes(UTF_8)};
        byte[][] args = {
            (shards.prefix(shard) + "m:").getBytes(UTF_8),
            Long.toString(generation).getBytes(UTF_8),
            Integer.toString(offset).getBytes(UTF_8),
            Integer.toString(PAGE).getBytes(UTF_8)
        };
        return link.call(Script.LEFTOVERS, keys, args).thenCompose(reply -> {
            for (int i = 2; i < reply.words().size(); i += 2) {
                found.add(ending(reply.at(i), Position.parse(reply.at(i + 1)), logTime));
            }
            int looked = Integer.parseInt(reply.at(1));
            return looked < PAGE
                    ? CompletableFuture.completedStage(found)
                    : endings(shard, logTime, offset + looked, found);
        });
    }

    private static MarketUpdate ending(String match, Position left, long logTime) {
        SortedMap<String, String> fields = new TreeMap<>();
        fields.put("ended", "unlisted");
        fields.put("phase", "ended");
        SortedMap<String, String> cells = new TreeMap<>();
        fields.forEach((field, value) -> cells.put("match/" + field, value));
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        sums.put("match", Checksum.hex(Checksum.of(fields)));
        Times times = new Times(0, 0, logTime, 0, 0);
        return new MarketUpdate(match, left.next(), MarketUpdate.Kind.END, cells, new TreeSet<>(), sums, times);
    }
}
