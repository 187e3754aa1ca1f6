package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.redislink.RedisConnection;
import touchline.redislink.RedisDialer;

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

    /** What the right server says of itself: another connection would hear the same. */
    private static final List<String> STAYING = List.of("LOADING", "BUSY", "MISCONF", "OOM");

    private final RedisDialer dialer;
    private volatile RedisConnection<byte[], byte[]> wire;
    private volatile int number;
    private boolean renewing;
    private boolean closed;

    private RedisLink(RedisConfig config) {
        dialer = new RedisDialer(config.address(), true);
        try {
            wire = dialer.dial(ByteArrayCodec.INSTANCE).toCompletableFuture().join();
        } catch (RuntimeException e) {
            dialer.close();
            throw e;
        }
    }

    /** Connects, or throws what {@link #passes} can judge. */
    static RedisLink open(RedisConfig config) {
        return new RedisLink(config);
    }

    /** Runs a script, whether or not this server has it already. */
    CompletionStage<Reply> call(Script script, byte[][] keys, byte[][] args) {
        RedisConnection<byte[], byte[]> wire = this.wire;
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

    /** A stream's entries behind an id, the oldest first; none is no failure. */
    @SuppressWarnings("unchecked") // An array of one, made for the client's varargs.
    CompletionStage<List<StreamMessage<byte[], byte[]>>> entries(String stream, String after, long atMost) {
        StreamOffset<byte[]> place = StreamOffset.from(stream.getBytes(UTF_8), after);
        return wire.commands().xread(XReadArgs.Builder.count(atMost), place);
    }

    /** The id of a stream's last entry, {@code 0-0} where it has none. */
    CompletionStage<String> lastEntry(String stream) {
        return wire.commands()
                .xrevrange(stream.getBytes(UTF_8), Range.unbounded(), Limit.from(1))
                .thenApply(last -> last.isEmpty() ? "0-0" : last.get(0).getId());
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

    /** May another connection fare better? */
    static boolean wantsAnother(Throwable failure) {
        return !(cause(failure) instanceof RedisCommandExecutionException answer)
                || STAYING.stream().noneMatch(String.valueOf(answer.getMessage())::startsWith);
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
        var unused = dialer.dial(ByteArrayCodec.INSTANCE).whenComplete(this::renewed);
    }

    private synchronized void renewed(RedisConnection<byte[], byte[]> fresh, Throwable failure) {
        renewing = false;
        if (fresh == null) {
            LOG.warn(
                    "event=redis_reconnect_failed reason=\"{}\"", cause(failure).getMessage());
            return;
        }
        if (closed) {
            var unused = fresh.close();
            return;
        }
        var unused = wire.close();
        wire = fresh;
        number++;
        LOG.info("event=redis_reconnected");
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        dialer.close();
    }
}
