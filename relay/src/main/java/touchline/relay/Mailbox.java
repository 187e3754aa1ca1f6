package touchline.relay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done on one thread, in the order in which it came; some of it later. One that throws is logged, and the
 * next one is done. What comes after the close is dropped.
 */
final class Mailbox implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);
    /** Mails between two looks at what is due. */
    private static final int BATCH = 1_024;

    private record Later(long atNanos, long number, Runnable mail) {}

    private final LinkedBlockingQueue<Runnable> mails = new LinkedBlockingQueue<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparingLong(Later::atNanos).thenComparingLong(Later::number));
    private final Runnable afterBatch;
    private long numbers;
    private volatile boolean closed;

    /** @param afterBatch done whenever all that had come is done */
    Mailbox(Runnable afterBatch) {
        this.afterBatch = afterBatch;
    }

    /** From any thread. */
    void post(Runnable mail) {
        if (!closed) {
            mails.add(mail);
        }
    }

    /** From the mailbox's own thread. */
    void later(long ms, Runnable mail) {
        later.add(new Later(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms), numbers++, mail));
    }

    void close() {
        closed = true;
        mails.add(() -> {});
    }

    @Override
    public void run() {
        List<Runnable> batch = new ArrayList<>(BATCH);
        while (!closed) {
            try {
                Runnable first = await();
                if (first != null) {
                    batch.add(first);
                    mails.drainTo(batch, BATCH - 1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            batch.forEach(this::carry);
            batch.clear();
            for (Later due = due(); due != null; due = due()) {
                carry(due.mail());
            }
            carry(afterBatch);
        }
    }

    private @Nullable Runnable await() throws InterruptedException {
        Later next = later.peek();
        if (next == null) {
            return mails.take();
        }
        // Subtracted and not compared: nanoTime may overflow.
        return mails.poll(Math.max(0, next.atNanos() - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private @Nullable Later due() {
        Later next = later.peek();
        return next != null && next.atNanos() - System.nanoTime() <= 0 ? later.poll() : null;
    }

    private void carry(Runnable mail) {
        if (closed) {
            return;
        }
        try {
            mail.run();
        } catch (RuntimeException e) {
            log.error("event=follower_fault", e);
        }
    }
}
