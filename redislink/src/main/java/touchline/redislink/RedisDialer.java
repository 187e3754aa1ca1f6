package touchline.redislink;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Makes connections to one Redis: each asks anew who the master is and, of a Cluster, who has which slots. Owns the few
 * threads on which they are answered; closing it closes them all. Thread-safe.
 */
public final class RedisDialer implements AutoCloseable {

    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final List<RedisURI> uris;

    /**
     * @param redials does a broken connection restore itself and send again what was not answered? Else what was not
     *     answered fails, and the connection is of no more use
     * @throws IllegalArgumentException when the password or the authorities cannot be read
     */
    public RedisDialer(RedisAddress address, boolean redials) {
        resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(Delay.exponential(
                        Duration.ZERO, Duration.ofMillis(address.timeoutMs()), 2, TimeUnit.MILLISECONDS))
                .build();
        try {
            uris = address.uris();
            client = client(address, redials);
        } catch (RuntimeException e) {
            var unused = resources.shutdown(0, 0, TimeUnit.SECONDS);
            throw e;
        }
    }

    public <K, V> CompletionStage<RedisConnection<K, V>> dial(RedisCodec<K, V> codec) {
        if (client instanceof RedisClusterClient cluster) {
            return cluster.refreshPartitionsAsync()
                    .thenCompose(none -> cluster.connectAsync(codec))
                    .thenApply((StatefulRedisClusterConnection<K, V> c) -> new RedisConnection<>(c, c.async()));
        }
        return ((RedisClient) client)
                .connectAsync(codec, uris.get(0))
                .thenApply((StatefulRedisConnection<K, V> c) -> new RedisConnection<>(c, c.async()));
    }

    @Override
    public void close() {
        client.shutdown(0, 1, TimeUnit.SECONDS);
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private AbstractRedisClient client(RedisAddress address, boolean redials) {
        Duration timeout = Duration.ofMillis(address.timeoutMs());
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
        if (!address.tlsCa().isEmpty()) {
            ssl.trustManager(new File(address.tlsCa()));
        }
        ClusterClientOptions options = ClusterClientOptions.builder()
                .autoReconnect(redials)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .sslOptions(ssl.build())
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enableAllAdaptiveRefreshTriggers()
                        .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
                        .enablePeriodicRefresh(Duration.ofSeconds(30))
                        .build())
                .validateClusterNodeMembership(false)
                .build();
        if (address.isCluster()) {
            RedisClusterClient cluster = RedisClusterClient.create(resources, uris);
            cluster.setOptions(options);
            return cluster;
        }
        RedisClient single = RedisClient.create(resources);
        single.setOptions(ClientOptions.copyOf(options));
        return single;
    }
}
