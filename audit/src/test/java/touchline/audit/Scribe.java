package touchline.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.sandbox.RedisServer;
import touchline.update.MarketUpdate;
import touchline.update.Shards;
import touchline.update.UpdateJson;

/** Writes updates into Redis by plain commands, in the layout that the sink keeps; and tampers with them. */
final class Scribe {

    private final RedisServer redis;
    private final Shards shards;
    private final Map<Integer, String> last = new HashMap<>();

    Scribe(RedisServer redis, Shards shards) {
        this.redis = redis;
        this.shards = shards;
        redis.command("SET", Shards.COUNT_KEY, Integer.toString(shards.count()));
        for (int shard = 0; shard < shards.count(); shard++) {
            redis.command("HSET", shards.metaKey(shard), "shards", Integer.toString(shards.count()), "last", "0-0");
        }
    }

    /** @return the entry's id */
    String write(MarketUpdate update) {
        String key = shards.matchKey(update.match());
        if (update.kind() != MarketUpdate.Kind.PATCH) {
            redis.command("DEL", key);
        }
        List<String> set =
                new ArrayList<>(List.of("HSET", key, "#pos", update.position().toString()));
        update.set().forEach((cell, value) -> set.addAll(List.of(cell, value)));
        for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
            if (sum.getValue() == null) {
                redis.command("HDEL", key, "#sum/" + sum.getKey());
            } else {
                set.addAll(List.of("#sum/" + sum.getKey(), sum.getValue()));
            }
        }
        redis.command(set.toArray(String[]::new));
        update.del().forEach(cell -> redis.command("HDEL", key, cell));
        int shard = shards.of(update.match());
        redis.command("ZADD", shards.indexKey(shard), "0", update.match());
        return append(update);
    }

    String append(MarketUpdate update) {
        int shard = shards.of(update.match());
        String id = redis.command(
                "XADD",
                shards.streamKey(shard),
                "*",
                "prev",
                last.getOrDefault(shard, "0-0"),
                "u",
                new String(UpdateJson.write(update), UTF_8));
        last.put(shard, id);
        redis.command("HSET", shards.metaKey(shard), "last", id);
        return id;
    }

    void beat(long logTime) {
        for (int shard = 0; shard < shards.count(); shard++) {
            redis.command("SET", shards.beatKey(shard), Long.toString(logTime));
        }
    }
}
