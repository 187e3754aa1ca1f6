package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The one connection of a writer: standalone, by Sentinel, or to a Cluster. Calls are pipelined and answered on the
 * client's own threads. It reconnects by itself and may then send a call again that was not answered; a call that stays
 * unanswered fails after the configured time. It promises neither that a failed call was not applied, nor order between
 * calls that are in flight together: the caller keeps one per shard.
 */
final class RedisLink implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final List<String> PASSING = List.of(
            "LOADING",
            "BUSY",
            "READONLY",
            "MASTERDOWN",
            "CLUSTERDOWN",
            "TRYAGAIN",
            "MOVED",
            "ASK",
            "NOREPLICAS",
            "MISCONF",
            "OOM",
            "UNBLOCKED");

    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final List<RedisURI> uris;
    private volatile Wire wire;
    private volatile int number;
    private boolean renewing;
    private boolean closed;

    private record Wire(
            StatefulConnection<byte[], byte[]> connection, RedisClusterAsyncCommands<byte[], byte[]> commands) {}

    private RedisLink(RedisConfig config) {
        resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(Delay.exponential(
                        Duration.ZERO, Duration.ofMillis(config.timeoutMs()), 2, TimeUnit.MILLISECONDS))
                .build();
        try {
            uris = uris(config);
            client = client(config);
            wire = connect().toCompletableFuture().join();
        } catch (RuntimeException e) {
            var unused = resources.shutdown(0, 0, TimeUnit.SECONDS);
            throw e;
        }
    }

    /** Connects, or throws what {@link #passes} can judge. */
    static RedisLink open(RedisConfig config) {
        return new RedisLink(config);
    }

    /** Runs a script, whether or not this server has it already. */
    CompletionStage<Reply> call(Script script, byte[][] keys, byte[][] args) {
        Wire wire = this.wire;
        CompletionStage<List<Object>> known =
                wire.commands().evalsha(script.digest(), ScriptOutputType.MULTI, keys, args);
        return known.exceptionallyCompose(e -> {
                    if (!(cause(e) instanceof RedisNoScriptException)) {
                        return CompletableFuture.failedStage(e);
                    }
                    CompletionStage<List<Object>> whole =
                            wire.commands().eval(script.text(), ScriptOutputType.MULTI, keys, args);
                    return whole;
                })
                .thenApply(Reply::of);
    }

    /** Sets a key unless it is there, and reads it. */
    CompletionStage<String> settle(String key, String value) {
        byte[] name = key.getBytes(UTF_8);
        return wire.commands()
                .set(name, value.getBytes(UTF_8), SetArgs.Builder.nx())
                .thenCompose(done -> wire.commands().get(name))
                .thenApply(held -> new String(held, UTF_8));
    }

    /** Will it pass, or does it need somebody to do something? */
    static boolean passes(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof RedisCommandExecutionException) {
            String message = String.valueOf(cause.getMessage());
            return PASSING.stream().anyMatch(message::startsWith);
        }
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof RedisCommandExecutionException) {
                return passes(at);
            }
        }
        return cause instanceof RedisException
                || cause instanceof IOException
                || cause instanceof CancellationException;
    }

    /** Without the wrappings of futures. */
    static Throwable cause(Throwable failure) {
        Throwable at = failure;
        while ((at instanceof CompletionException || at instanceof ExecutionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    /** Which of its connections it uses now. */
    int number() {
        return number;
    }

    /**
     * Takes a new connection in place of one that gives no answers: it may be half open, which TCP notices late. Does
     * nothing when that one has been replaced already, whose other calls fail because of it.
     */
    synchronized void renew(int failed) {
        if (failed != number || renewing || closed) {
            return;
        }
        renewing = true;
        var unused = connect().whenComplete(this::renewed);
    }

    private synchronized void renewed(Wire fresh, Throwable failure) {
        renewing = false;
        if (fresh == null) {
            LOG.warn(
                    "event=redis_reconnect_failed reason=\"{}\"", cause(failure).getMessage());
            return;
        }
        if (closed) {
            var unused = fresh.connection().closeAsync();
            return;
        }
        var unused = wire.connection().closeAsync();
        wire = fresh;
        number++;
        LOG.info("event=redis_reconnected");
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        wire.connection().close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private CompletionStage<Wire> connect() {
        if (client instanceof RedisClusterClient cluster) {
            return cluster.refreshPartitionsAsync()
                    .thenCompose(none -> cluster.connectAsync(ByteArrayCodec.INSTANCE))
                    .thenApply((StatefulRedisClusterConnection<byte[], byte[]> c) -> new Wire(c, c.async()));
        }
        return ((RedisClient) client)
                .connectAsync(ByteArrayCodec.INSTANCE, uris.get(0))
                .thenApply((StatefulRedisConnection<byte[], byte[]> c) -> new Wire(c, c.async()));
    }

    private AbstractRedisClient client(RedisConfig config) {
        Duration timeout = Duration.ofMillis(config.timeoutMs());
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
        if (!config.tlsCa().isEmpty()) {
            ssl.trustManager(new File(config.tlsCa()));
        }
        ClusterClientOptions options = ClusterClientOptions.builder()
                .autoReconnect(true)
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
        if (config.uri().contains("-cluster://")) {
            RedisClusterClient cluster = RedisClusterClient.create(resources, uris);
            cluster.setOptions(options);
            return cluster;
        }
        RedisClient single = RedisClient.create(resources);
        single.setOptions(ClientOptions.copyOf(options));
        return single;
    }

    private static List<RedisURI> uris(RedisConfig config) {
        List<RedisURI> uris = new ArrayList<>();
        int authority = config.uri().indexOf("://") + 3;
        if (config.uri().contains("-cluster://")) {
            String scheme = config.uri().startsWith("rediss") ? "rediss://" : "redis://";
            for (String node : config.uri().substring(authority).split(",")) {
                uris.add(RedisURI.create(scheme + node.strip()));
            }
        } else {
            uris.add(RedisURI.create(config.uri()));
        }
        SslVerifyMode verify = SslVerifyMode.valueOf(config.tlsVerify().toUpperCase(Locale.ROOT));
        for (RedisURI uri : uris) {
            uri.setTimeout(Duration.ofMillis(config.timeoutMs()));
            uri.setVerifyPeer(verify);
            uri.getSentinels().forEach(sentinel -> sentinel.setVerifyPeer(verify));
            if (config.password().isPresent()) {
                char[] password = config.password().read().toCharArray();
                String username = config.username().isEmpty() ? null : config.username();
                uri.setCredentialsProvider(() -> Mono.just(RedisCredentials.just(username, password)));
            }
        }
        return uris;
    }
}
