package touchline.relay;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import touchline.redislink.RedisConnection;
import touchline.redislink.RedisDialer;

/**
 * A connection that is made when it is first needed, and made again after it was hung up: by its user, or because a
 * question was not answered. Thread-safe; an answer comes on another thread.
 */
final class Line {

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private static final long YOUNG_NANOS = 2_000_000_000L;

    private final RedisDialer dialer;
    private final Runnable dialled;
    private final AtomicReference<@Nullable CompletableFuture<RedisConnection<String, byte[]>>> connection =
            new AtomicReference<>();

    private volatile long dialledAt;

    /** @param dialled told of every attempt to connect */
    Line(RedisDialer dialer, Runnable dialled) {
        this.dialer = dialer;
        this.dialled = dialled;
    }

    <T> CompletionStage<T> ask(Function<RedisConnection<String, byte[]>, CompletionStage<T>> question) {
        CompletableFuture<RedisConnection<String, byte[]>> known = connection.get();
        CompletableFuture<RedisConnection<String, byte[]>> open = known == null ? dial() : known;
        return open.thenCompose(question).whenComplete((answer, failure) -> {
            if (failure != null && !isAnswer(failure)) {
                hangUp(open);
            }
        });
    }

    /** As {@link #hangUp}, unless it was made just now: somebody else of its users has had the same thought. */
    void renew() {
        if (System.nanoTime() - dialledAt > YOUNG_NANOS) {
            hangUp();
        }
    }

    /** What has not been answered fails. */
    void hangUp() {
        CompletableFuture<RedisConnection<String, byte[]>> open = connection.get();
        if (open != null) {
            hangUp(open);
        }
    }

    private CompletableFuture<RedisConnection<String, byte[]>> dial() {
        dialled.run();
        dialledAt = System.nanoTime();
        CompletableFuture<RedisConnection<String, byte[]>> made;
        try {
            made = dialer.dial(CODEC).toCompletableFuture();
        } catch (RuntimeException e) {
            made = CompletableFuture.failedFuture(e);
        }
        connection.set(made);
        return made;
    }

    private void hangUp(CompletableFuture<RedisConnection<String, byte[]>> open) {
        if (connection.compareAndSet(open, null)) {
            open.thenCompose(RedisConnection::close);
        }
    }

    /** Did Redis itself say no? Else there was no answer, and the line is of no more use. */
    static boolean isAnswer(Throwable failure) {
        return cause(failure) instanceof RedisCommandExecutionException;
    }

    static String reason(Throwable failure) {
        Throwable cause = cause(failure);
        StringBuilder reason = new StringBuilder(String.valueOf(cause.getMessage()));
        if (cause.getCause() != null && cause.getCause().getMessage() != null) {
            reason.append(": ").append(cause.getCause().getMessage());
        }
        return reason.toString().replace('\n', ' ').replace('"', '\'');
    }

    private static Throwable cause(Throwable failure) {
        Throwable at = failure;
        while ((at instanceof CompletionException || at instanceof ExecutionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }
}
