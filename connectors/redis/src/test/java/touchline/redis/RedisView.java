package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;
import touchline.update.UpdateJson;

/** What a reader sees in Redis, with everything verified that a reader can verify. */
final class RedisView {

    private final RedisClusterCommands<String, String> redis;
    private final Shards shards;

    /** One match as it stands in its hash. */
    record Image(Position position, SortedMap<String, String> cells) {}

    RedisView(RedisClusterCommands<String, String> redis, Shards shards) {
        this.redis = redis;
        this.shards = shards;
    }

    /** The match's hash, its checksums verified; null when there is none. */
    @Nullable
    Image image(String match) {
        Map<String, String> hash = redis.hgetall(shards.matchKey(match));
        if (hash.isEmpty()) {
            return null;
        }
        SortedMap<String, String> cells = new TreeMap<>();
        SortedMap<String, String> sums = new TreeMap<>();
        String position = null;
        for (Map.Entry<String, String> field : hash.entrySet()) {
            if (field.getKey().equals("#pos")) {
                position = field.getValue();
            } else if (field.getKey().startsWith("#sum/")) {
                sums.put(field.getKey().substring(5), field.getValue());
            } else {
                cells.put(field.getKey(), field.getValue());
            }
        }
        assertThat(position).as("position of " + match).isNotNull();
        assertThat(sums).as("sums of " + match).isEqualTo(Book.sums(cells));
        return new Image(Position.parse(String.valueOf(position)), cells);
    }

    /** A shard's stream from its beginning, its chain of ids verified. */
    List<MarketUpdate> stream(int shard) {
        List<MarketUpdate> updates = new ArrayList<>();
        String before = null;
        for (StreamMessage<String, String> entry : redis.xrange(shards.streamKey(shard), Range.unbounded())) {
            if (before != null) {
                assertThat(entry.getBody().get("prev"))
                        .as("the predecessor of " + entry.getId())
                        .isEqualTo(before);
            }
            before = entry.getId();
            updates.add(UpdateJson.read(String.valueOf(entry.getBody().get("u")).getBytes(UTF_8)));
        }
        if (before != null) {
            assertThat(redis.hget(shards.metaKey(shard), "last")).isEqualTo(before);
        }
        return updates;
    }

    /** As a reader folds the stream: positions without gap, repeat or step back, and the state they lead to. */
    Map<String, Image> fold(int shard) {
        Map<String, Image> images = new TreeMap<>();
        for (MarketUpdate update : stream(shard)) {
            Image held = images.get(update.match());
            TreeMap<String, String> cells = new TreeMap<>();
            if (update.kind() == MarketUpdate.Kind.PATCH) {
                assertThat(held).as("a patch needs a state: " + update).isNotNull();
                if (held != null) {
                    assertThat(update.position()).isEqualTo(held.position().next());
                    cells.putAll(held.cells());
                }
            } else if (held != null) {
                assertThat(update.position()).as("no step back").isGreaterThan(held.position());
            }
            cells.putAll(update.set());
            update.del().forEach(cells::remove);
            SortedMap<String, String> sums = Book.sums(cells);
            update.sums()
                    .forEach((group, sum) ->
                            assertThat(sums.get(group)).as(group).isEqualTo(sum));
            images.put(update.match(), new Image(update.position(), cells));
        }
        return images;
    }

    @Nullable
    String meta(int shard, String field) {
        return redis.hget(shards.metaKey(shard), field);
    }

    long beat(int shard) {
        String beat = redis.get(shards.beatKey(shard));
        return beat == null ? 0 : Long.parseLong(beat);
    }

    /** Null when the match is not in its shard's index. */
    @Nullable
    Double index(String match) {
        return redis.zscore(shards.indexKey(shards.of(match)), match);
    }

    RedisClusterCommands<String, String> redis() {
        return redis;
    }
}
