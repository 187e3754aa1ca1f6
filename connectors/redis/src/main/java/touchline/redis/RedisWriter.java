package touchline.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.redis.RedisAnswerException.Answer;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/**
 * Writes the updates of its shards in their order: one call per shard in flight, all shards at once, the next batch
 * forming meanwhile. A call that is not answered is sent again as it is; Redis recognises it. Everything here runs on
 * the task's own thread: answers and timers come as mails.
 */
final class RedisWriter implements SinkWriter<MarketUpdate> {

    private static final Logger LOG = LoggerFactory.getLogger(RedisWriter.class);

    private final RedisConfig config;
    private final Shards shards;
    private final RedisLink link;
    private final MailboxExecutor mailbox;
    private final ProcessingTimeService time;
    private final WriterMetrics metrics;
    private final Leftovers leftovers;
    /** The log time from which on what an older generation has left is known to be left. */
    private long sweepAt;

    private final Map<Integer, ShardLine> lines = new TreeMap<>();
    private int unconfirmed;
    private long complete = Long.MIN_VALUE;
    private @Nullable ScheduledFuture<?> beat;
    private boolean closed;

    RedisWriter(
            RedisConfig config,
            Shards shards,
            RedisLink link,
            List<ShardLine> claimed,
            long generation,
            MailboxExecutor mailbox,
            ProcessingTimeService time,
            SinkWriterMetricGroup group) {
        this.config = config;
        this.shards = shards;
        this.link = link;
        this.mailbox = mailbox;
        this.time = time;
        claimed.forEach(line -> lines.put(line.shard(), line));
        leftovers = new Leftovers(link, shards, generation);
        sweepAt = time.getCurrentProcessingTime() + config.leftoverMs();
        metrics = new WriterMetrics(
                group,
                () -> unconfirmed,
                () -> Math.max(0, time.getCurrentProcessingTime() - WriterMetrics.oldestBeat(claimed)));
        beat = time.registerTimer(time.getCurrentProcessingTime() + config.beatMs(), this::beat);
    }

    @Override
    public void write(MarketUpdate update, Context context) throws IOException, InterruptedException {
        int shard = shards.of(update.match());
        ShardLine line = lines.get(shard);
        if (line == null) {
            throw new IllegalStateException("match=" + update.match() + " of shard " + shard + " came to the writer of "
                    + lines.keySet() + ": partition the sink's input with RedisSink.byShard");
        }
        while (unconfirmed >= config.maxInFlight()) {
            mailbox.yield();
        }
        line.add(update, complete);
        unconfirmed++;
        pump(line);
    }

    @Override
    public void writeWatermark(Watermark watermark) {
        // The end of a bounded input is no log time.
        if (watermark.getTimestamp() != Long.MAX_VALUE) {
            complete = Math.max(complete, watermark.getTimestamp());
            lines.values().forEach(this::pump);
            if (complete >= sweepAt) {
                sweepAt = Long.MAX_VALUE;
                lines.values().forEach(this::sweep);
            }
        }
    }

    @Override
    public void flush(boolean endOfInput) throws InterruptedException {
        while (unconfirmed > 0) {
            mailbox.yield();
        }
    }

    @Override
    public void close() {
        closed = true;
        if (beat != null) {
            beat.cancel(false);
        }
        link.close();
    }

    /** Updates that were written here and that Redis has not confirmed. */
    int unconfirmed() {
        return unconfirmed;
    }

    private void beat(long due) {
        lines.values().forEach(this::pump);
        if (!closed) {
            // Not from when this timer was due: a clock that stepped back would be waited for, one that jumped chased.
            beat = time.registerTimer(time.getCurrentProcessingTime() + config.beatMs(), this::beat);
        }
    }

    private void pump(ShardLine line) {
        long now = time.getCurrentProcessingTime();
        if (!closed && line.isIdle() && (!line.isEmpty() || line.isBeatDue(now, config.beatMs()))) {
            send(line, line.next(shards, config, complete, now));
        }
    }

    private void send(ShardLine line, Call call) {
        long sent = System.nanoTime();
        int connection = link.number();
        var unused = link.call(Script.APPLY, call.keys(), call.args()).whenComplete((reply, failure) -> {
            try {
                if (reply != null) {
                    long tookMs = (System.nanoTime() - sent) / 1_000_000;
                    mailbox.execute(() -> answered(line, call, reply, tookMs), "redis answer");
                } else {
                    mailbox.execute(() -> failed(line, call, connection, failure), "redis failure");
                }
            } catch (RejectedExecutionException e) {
                LOG.debug("event=redis_answer_after_close shard={}", line.shard());
            }
        });
    }

    private void sweep(ShardLine line) {
        var unused = leftovers.endings(line.shard(), complete).whenComplete((endings, failure) -> {
            try {
                mailbox.execute(() -> swept(line, endings, failure), "redis leftovers");
            } catch (RejectedExecutionException e) {
                LOG.debug("event=redis_answer_after_close shard={}", line.shard());
            }
        });
    }

    private void swept(ShardLine line, @Nullable List<MarketUpdate> endings, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        if (endings == null) {
            LOG.warn(
                    "event=redis_leftovers_unknown shard={} reason=\"{}\"",
                    line.shard(),
                    failure == null ? "" : RedisLink.cause(failure).getMessage());
            var unused = time.registerTimer(time.getCurrentProcessingTime() + config.timeoutMs(), now -> sweep(line));
            return;
        }
        if (!endings.isEmpty()) {
            LOG.info("event=redis_leftovers_ended shard={} matches={}", line.shard(), endings.size());
            endings.forEach(ending -> line.add(ending, complete));
            unconfirmed += endings.size();
            pump(line);
        }
    }

    private void answered(ShardLine line, Call call, Reply reply, long tookMs) throws IOException {
        if (closed) {
            return;
        }
        if (!reply.first().equals("OK")) {
            throw refused(line, call, reply);
        }
        metrics.answered(call, reply.at(2), tookMs);
        unconfirmed -= call.updates().size();
        line.confirmed(call, reply.at(1));
        pump(line);
    }

    private void failed(ShardLine line, Call call, int connection, Throwable failure) throws IOException {
        if (closed) {
            return;
        }
        Throwable cause = RedisLink.cause(failure);
        if (!RedisLink.passes(cause)) {
            throw new IOException("shard " + line.shard() + ": Redis refused a call: " + cause.getMessage(), cause);
        }
        if (call.attempt() >= config.attempts()) {
            throw new IOException(
                    "shard " + line.shard() + ": Redis did not take a call in " + call.attempt()
                            + " attempts, the last: " + cause.getMessage(),
                    cause);
        }
        call.again();
        metrics.retried();
        LOG.warn(
                "event=redis_retry shard={} attempt={} reason=\"{}\"",
                line.shard(),
                call.attempt(),
                cause.getMessage());
        // Calls of other shards are in flight over it, perhaps at their last attempt: not without need.
        if (RedisLink.wantsAnother(cause)) {
            link.renew(connection);
        }
        int pause = config.backoffMs(call.attempt());
        var unused = time.registerTimer(time.getCurrentProcessingTime() + pause, now -> {
            if (!closed) {
                send(line, call);
            }
        });
    }

    /** What a call's refusal means, and what to do. */
    private static RuntimeException refused(ShardLine line, Call call, Reply reply) {
        Answer answer = Answer.valueOf(reply.first());
        String where = "shard " + line.shard() + ": ";
        if (answer == Answer.LOST) {
            String held = reply.at(1).isEmpty() ? "nothing" : "an end at " + reply.at(1);
            return thrown(
                    answer,
                    where + "the stream's end was " + line.last() + " and Redis holds " + held
                            + " (a failover or a wipe); the job restarts and sends every book's image again");
        }
        if (answer == Answer.FENCED) {
            return thrown(
                    answer,
                    where + "this is writer " + line.writer() + ", and " + reply.at(1)
                            + " has claimed the shard since; if two jobs write to this Redis, stop one");
        }
        MarketUpdate update = call.updates().get(reply.at(2).length());
        String what = where + "match=" + update.match() + " " + update.kind().json() + " " + update.position()
                + ", Redis holds " + (reply.at(3).isEmpty() ? "nothing" : reply.at(3));
        return switch (answer) {
            case GAP -> thrown(answer, what + "; the job restarts and sends every book's image again");
            case OLD_EPOCH -> thrown(answer, what + ", of a later generation; raise market.generation above it");
            case DIVERGED ->
                thrown(
                        answer,
                        what + " with " + reply.at(4) + "="
                                + (reply.at(5).isEmpty() ? "nothing" : reply.at(5)) + ", given "
                                + given(update, reply.at(4))
                                + "; raise market.generation, and look for what is not determined");
            default -> new IllegalStateException(where + "an unknown answer: " + reply);
        };
    }

    private static String given(MarketUpdate update, String field) {
        String sum = update.sums().get(field.substring(field.indexOf('/') + 1));
        return sum == null ? "nothing" : sum;
    }

    /** As Flink must see it: what would come again after every restart stops the job. */
    static RuntimeException thrown(Answer answer, String message) {
        RedisAnswerException refusal = new RedisAnswerException(answer, message);
        return answer.stops() ? new SuppressRestartsException(refusal) : new UncheckedIOException(refusal);
    }
}
