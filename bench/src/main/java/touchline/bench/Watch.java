package touchline.bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import touchline.update.MarketUpdate;
import touchline.update.Shards;
import touchline.update.UpdateJson;

/** Reads every shard's stream as a relay would, and hands over each update with the moment it was received. */
final class Watch implements AutoCloseable {

    interface Listener {
        /** @param nanos {@link System#nanoTime} when the update had arrived */
        void saw(MarketUpdate update, long nanos);
    }

    private final RedisClient client;
    private volatile boolean closed;

    Watch(String uri, int shards, Listener listener) {
        client = RedisClient.create(uri);
        StatefulRedisConnection<String, byte[]> connection =
                client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        Thread thread = new Thread(() -> follow(connection, new Shards(shards), listener), "watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void follow(StatefulRedisConnection<String, byte[]> redis, Shards shards, Listener listener) {
        Map<String, String> cursors = new HashMap<>();
        for (int shard = 0; shard < shards.count(); shard++) {
            cursors.put(shards.streamKey(shard), "0-0");
        }
        XReadArgs args = XReadArgs.Builder.block(Duration.ofMillis(500)).count(1000);
        while (!closed) {
            try {
                List<StreamMessage<String, byte[]>> messages = redis.sync().xread(args, offsets(cursors));
                long nanos = System.nanoTime();
                for (StreamMessage<String, byte[]> message : messages) {
                    cursors.put(message.getStream(), message.getId());
                    listener.saw(
                            UpdateJson.read(
                                    Objects.requireNonNull(message.getBody().get("u"))),
                            nanos);
                }
            } catch (RedisCommandExecutionException e) {
                throw e;
            } catch (RedisException e) {
                if (!closed) {
                    throw e;
                }
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static XReadArgs.StreamOffset<String>[] offsets(Map<String, String> cursors) {
        XReadArgs.StreamOffset[] offsets = new XReadArgs.StreamOffset[cursors.size()];
        int i = 0;
        for (Map.Entry<String, String> cursor : cursors.entrySet()) {
            offsets[i++] = XReadArgs.StreamOffset.from(cursor.getKey(), cursor.getValue());
        }
        return offsets;
    }

    @Override
    public void close() {
        closed = true;
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
