package touchline.redis;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.redis.RowEntry.Op;

/**
 * Writes rows in their order: one call in flight, the next batch forming meanwhile. A call that is not answered is sent
 * again as it is; Redis recognises it. Everything here runs on the task's own thread: answers and timers come as mails.
 */
final class RowsWriter implements SinkWriter<RowData> {

    private static final Logger LOG = LoggerFactory.getLogger(RowsWriter.class);

    /** How long a row's new state may take behind its old one. */
    private static final long RETRACTED_MS = 50;

    private final RedisConfig config;
    private final StreamsConfig streams;
    private final RowsFormat format;
    private final RedisLink link;
    private final MailboxExecutor mailbox;
    private final ProcessingTimeService time;
    private final Counter sent;
    private final Counter unchanged;
    private final Counter retries;

    private final String writer = UUID.randomUUID().toString();
    private final Queue<RowEntry> waiting = new ArrayDeque<>();
    private @Nullable RowEntry retracted;
    private long calls;
    private @Nullable RowsCall out;
    private boolean closed;

    RowsWriter(
            RedisConfig config,
            StreamsConfig streams,
            RowsFormat format,
            RedisLink link,
            MailboxExecutor mailbox,
            ProcessingTimeService time,
            SinkWriterMetricGroup metrics) {
        this.config = config;
        this.streams = streams;
        this.format = format;
        this.link = link;
        this.mailbox = mailbox;
        this.time = time;
        sent = metrics.getNumRecordsSendCounter();
        unchanged = metrics.counter("unchanged");
        retries = metrics.counter("retries");
    }

    @Override
    public void write(RowData row, Context context) throws InterruptedException {
        while (unconfirmed() >= config.maxInFlight()) {
            mailbox.yield();
        }
        RowEntry entry = format.entry(row);
        RowEntry before = retracted;
        retracted = null;
        if (before != null && !(entry.op() == Op.SET && entry.isOfKey(before))) {
            waiting.add(before);
        }
        if (entry.op() == Op.RETRACT) {
            retract(entry);
        } else {
            waiting.add(entry);
        }
        pump();
    }

    /** A changed row comes as its old state and its new one: nobody is to see it gone between them. */
    private void retract(RowEntry entry) {
        retracted = entry;
        var unused = time.registerTimer(time.getCurrentProcessingTime() + RETRACTED_MS, now -> {
            if (retracted == entry) {
                settle();
            }
        });
    }

    private void settle() {
        if (retracted != null) {
            waiting.add(retracted);
            retracted = null;
            pump();
        }
    }

    @Override
    public void flush(boolean endOfInput) throws InterruptedException {
        settle();
        while (unconfirmed() > 0) {
            mailbox.yield();
        }
    }

    @Override
    public void close() {
        closed = true;
        link.close();
    }

    private int unconfirmed() {
        return waiting.size() + (out == null ? 0 : out.rows());
    }

    private void pump() {
        if (closed || out != null || waiting.isEmpty()) {
            return;
        }
        List<RowEntry> batch = new ArrayList<>(Math.min(waiting.size(), config.batchMax()));
        while (batch.size() < config.batchMax() && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        RowsCall call = new RowsCall(config, streams, writer, ++calls, batch);
        out = call;
        send(call);
    }

    private void send(RowsCall call) {
        int connection = link.number();
        var unused = link.call(Script.ROWS, call.keys(), call.args()).whenComplete((reply, failure) -> {
            try {
                if (reply != null) {
                    mailbox.execute(() -> answered(call, reply), "redis answer");
                } else {
                    mailbox.execute(() -> failed(call, connection, failure), "redis failure");
                }
            } catch (RejectedExecutionException e) {
                LOG.debug("event=redis_answer_after_close stream={}", streams.target());
            }
        });
    }

    private void answered(RowsCall call, Reply reply) {
        if (closed) {
            return;
        }
        sent.inc(call.rows());
        if (reply.first().equals("OK")) {
            unchanged.inc(call.rows() - Long.parseLong(reply.at(1)));
        }
        out = null;
        pump();
    }

    private void failed(RowsCall call, int connection, Throwable failure) throws IOException {
        if (closed) {
            return;
        }
        Throwable cause = RedisLink.cause(failure);
        if (!RedisLink.passes(cause)) {
            throw new IOException("stream " + streams.target() + ": Redis refused: " + cause.getMessage(), cause);
        }
        if (call.attempt() >= config.attempts()) {
            throw new IOException(
                    "stream " + streams.target() + ": Redis did not take a call in " + call.attempt()
                            + " attempts, the last: " + cause.getMessage(),
                    cause);
        }
        call.again();
        retries.inc();
        LOG.warn(
                "event=redis_retry stream={} attempt={} reason=\"{}\"",
                streams.target(),
                call.attempt(),
                cause.getMessage());
        if (RedisLink.wantsAnother(cause)) {
            link.renew(connection);
        }
        var unused = time.registerTimer(time.getCurrentProcessingTime() + config.backoffMs(call.attempt()), now -> {
            if (!closed) {
                send(call);
            }
        });
    }
}
