package touchline.redislink;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.CompletionStage;

/**
 * One connection, and the commands that go over it, pipelined in the order in which they are given. To a Cluster it is a
 * connection to each node that is asked something.
 */
public record RedisConnection<K, V>(StatefulConnection<K, V> connection, RedisClusterAsyncCommands<K, V> commands) {

    /** Calls without an answer fail. */
    public CompletionStage<Void> close() {
        return connection.closeAsync();
    }
}
