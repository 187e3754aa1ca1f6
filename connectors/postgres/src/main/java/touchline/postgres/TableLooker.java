package touchline.postgres;

import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a {@link TableLook} from time to time, in a thread of its own, and keeps it until it has been judged. A database that
 * cannot be reached is asked again the next time: the change stream notices that by itself.
 */
final class TableLooker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableLooker.class);

    private final PostgresSettings settings;
    private final Ledger ledger;
    private final AtomicReference<@Nullable TableLook> look = new AtomicReference<>();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(run -> {
        Thread daemon = new Thread(run, "touchline-table-look");
        daemon.setDaemon(true);
        return daemon;
    });

    TableLooker(PostgresSettings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
    }

    TableLooker start() {
        if (settings.reconcileMs() > 0) {
            var unused = thread.scheduleWithFixedDelay(
                    this::take, settings.reconcileMs(), settings.reconcileMs(), TimeUnit.MILLISECONDS);
        }
        return this;
    }

    private void take() {
        if (look.get() != null) {
            return;
        }
        try {
            look.set(TableLook.take(settings, ledger::isBehind));
            taken.incrementAndGet();
        } catch (SQLException | RuntimeException e) {
            failed.incrementAndGet();
            LOG.warn("event=table_look_failed database={} cause=\"{}\"", settings.jdbcUrl(), e.getMessage());
        }
    }

    /** The look that waits to be judged, once, if it was taken before then. */
    @Nullable
    TableLook before(long atMs) {
        TableLook waiting = look.get();
        if (waiting == null || waiting.at() >= atMs) {
            return null;
        }
        look.set(null);
        return waiting;
    }

    long taken() {
        return taken.get();
    }

    long failed() {
        return failed.get();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(settings.timeoutMs(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
