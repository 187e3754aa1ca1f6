package touchline.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the heartbeat row at a fixed pace and reads the slot's health. Without it the change stream of an idle database
 * never starts, its slot never moves, and silence could mean anything. It must run beside the source, never inside its
 * stream. It survives every failure of the database: it connects again, backing off up to ten seconds with jitter.
 */
public final class HeartbeatWriter implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatWriter.class);
    private static final long MAX_PAUSE_MS = 10_000;

    private final PostgresSettings settings;
    private final Object closing = new Object();
    private final Thread thread = new Thread(this, "touchline-heartbeat");

    private volatile boolean closed;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile @Nullable SlotHealth slot;

    public HeartbeatWriter(PostgresSettings settings) {
        this.settings = settings;
        thread.setDaemon(true);
    }

    /** Starts its own daemon thread; {@link #run} may be given to another one instead. */
    public HeartbeatWriter start() {
        thread.start();
        return this;
    }

    @Override
    public void run() {
        long pause = settings.heartbeatMs();
        while (!closed) {
            try (Connection connection = settings.connect();
                    Statement statement = connection.createStatement()) {
                LOG.info("event=heartbeat_started database={}", settings.jdbcUrl());
                while (!closed) {
                    statement.executeUpdate("update touchline.heartbeat set at = clock_timestamp() where id = 1");
                    written.incrementAndGet();
                    slot = SlotHealth.of(connection, settings.slot()).orElse(null);
                    pause = settings.heartbeatMs();
                    pause(pause);
                }
            } catch (SQLException | RuntimeException e) {
                failed.incrementAndGet();
                slot = null;
                pause = Math.min(MAX_PAUSE_MS, pause * 2);
                long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
                LOG.warn(
                        "event=heartbeat_failed database={} retry_ms={} cause=\"{}\"",
                        settings.jdbcUrl(),
                        jittered,
                        e.getMessage());
                pause(jittered);
            }
        }
    }

    /** Heartbeats written since the start. */
    public long written() {
        return written.get();
    }

    /** Times that the database could not be reached. */
    public long failed() {
        return failed.get();
    }

    /** As last read; empty while the database cannot be reached and while there is no slot. */
    public Optional<SlotHealth> slot() {
        return Optional.ofNullable(slot);
    }

    private void pause(long ms) {
        long deadline = System.nanoTime() + ms * 1_000_000;
        synchronized (closing) {
            try {
                long left = ms;
                while (!closed && left > 0) {
                    closing.wait(left);
                    left = (deadline - System.nanoTime()) / 1_000_000;
                }
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    @Override
    public void close() {
        synchronized (closing) {
            closed = true;
            closing.notifyAll();
        }
        if (Thread.currentThread() != thread) {
            try {
                thread.join(settings.timeoutMs());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
