package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;
import touchline.update.UpdateJson;

/** What a reader finds in Redis, and whether the contract with readers is kept there. */
final class RedisBooks implements AutoCloseable {

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final Shards shards;

    RedisBooks(String uri, int shards) {
        this.client = RedisClient.create(uri);
        this.connection = client.connect();
        this.shards = new Shards(shards);
    }

    @Nullable
    Position position(String match) {
        String position = connection.sync().hget(shards.matchKey(match), "#pos");
        return position == null ? null : Position.parse(position);
    }

    Map<String, String> cells(String match) {
        Map<String, String> cells = new TreeMap<>(connection.sync().hgetall(shards.matchKey(match)));
        cells.keySet().removeIf(field -> field.startsWith("#"));
        return cells;
    }

    /** Every match's stream as a follower sees it: nothing may be missing, twice, or step back; sums must agree. */
    List<String> brokenPromises() {
        List<String> broken = new ArrayList<>();
        Map<String, Position> positions = new HashMap<>();
        Map<String, Map<String, String>> images = new HashMap<>();
        for (int shard = 0; shard < shards.count(); shard++) {
            String last = "0-0";
            for (StreamMessage<String, String> entry :
                    connection.sync().xrange(shards.streamKey(shard), Range.unbounded())) {
                String prev = entry.getBody().get("prev");
                if (!last.equals(prev)) {
                    broken.add("shard " + shard + " entry " + entry.getId() + " prev " + prev + " after " + last);
                }
                last = entry.getId();
                follow(entry.getBody().getOrDefault("u", ""), positions, images, broken);
            }
        }
        positions.forEach((match, position) -> {
            if (!position.equals(position(match))) {
                broken.add(match + " ends at " + position + " in the stream, at " + position(match) + " in its hash");
            } else if (!cells(match).equals(images.get(match))) {
                broken.add(match + " at " + position + " differs between stream and hash");
            }
        });
        return broken;
    }

    private static void follow(
            String json,
            Map<String, Position> positions,
            Map<String, Map<String, String>> images,
            List<String> broken) {
        MarketUpdate update = UpdateJson.read(json.getBytes(UTF_8));
        Position held = positions.put(update.match(), update.position());
        boolean patch = update.kind() == MarketUpdate.Kind.PATCH;
        if (held != null && update.position().compareTo(held) <= 0) {
            broken.add(update.match() + " " + update.position() + " after " + held);
        }
        if (patch && (held == null || !held.next().equals(update.position()))) {
            broken.add(update.match() + " gap: " + update.position() + " after " + held);
        }
        Map<String, String> image = images.computeIfAbsent(update.match(), key -> new TreeMap<>());
        if (!patch) {
            image.clear();
        }
        image.putAll(update.set());
        image.keySet().removeAll(update.del());
        update.sums().forEach((group, sum) -> {
            Map<String, String> cells = new TreeMap<>();
            image.forEach((cell, value) -> {
                if (MarketUpdate.group(cell).equals(group)) {
                    cells.put(MarketUpdate.field(cell), value);
                }
            });
            String actual = cells.isEmpty() ? null : Checksum.hex(Checksum.of(cells));
            if (sum == null ? actual != null : !sum.equals(actual)) {
                broken.add(update.match() + " " + update.position() + " sum of " + group + " is " + actual + " not "
                        + sum);
            }
        });
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
