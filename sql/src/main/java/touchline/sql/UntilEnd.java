package touchline.sql;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a part once: when it is left, or when this JVM is asked to end meanwhile. A query would otherwise run on unseen. */
final class UntilEnd<P extends AutoCloseable> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UntilEnd.class);

    private final P part;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread hook = new Thread(this::once, "until-end");

    UntilEnd(P part) {
        this.part = part;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    P part() {
        return part;
    }

    /** Whether it has been closed, or is being: what it was asked may fail for no other reason. */
    boolean isOver() {
        return closed.get();
    }

    private void once() {
        if (closed.compareAndSet(false, true)) {
            try {
                part.close();
            } catch (Exception e) {
                // Whatever is left of a session goes when its gateway sees it idle.
                LOG.warn("event=ended_badly part={}", part.getClass().getSimpleName(), e);
            }
        }
    }

    @Override
    public void close() {
        once();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM ends already.
            LOG.debug("event=ends");
        }
    }
}
