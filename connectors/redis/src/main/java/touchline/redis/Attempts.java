package touchline.redis;

import io.lettuce.core.RedisException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Redis again while it cannot answer, with the configured pauses and so often, on a thread that may wait. */
record Attempts(RedisConfig config) {

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    /** One try; what it waits for is {@link #join}ed. */
    interface Attempt<T> {
        T run() throws InterruptedException;
    }

    /**
     * @param remedy what to look at when Redis refuses
     * @throws IOException when Redis refuses, or the last attempt failed
     */
    <T> T of(String remedy, Attempt<T> attempt) throws IOException, InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                return attempt.run();
            } catch (CompletionException | RedisException e) {
                Throwable cause = RedisLink.cause(e);
                if (!RedisLink.passes(cause) || tried >= config.attempts()) {
                    throw new IOException(
                            "Redis at " + config.uri() + " in " + tried + " attempts: " + cause.getMessage() + remedy,
                            cause);
                }
                LOG.warn("event=redis_retry attempt={} reason=\"{}\"", tried, cause.getMessage());
                Thread.sleep(config.backoffMs(tried + 1));
            }
        }
    }

    static <T> T join(CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }
}
