package touchline.redis;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.function.ThrowingRunnable;

/** Flink's task thread, played by the test's own: mails wait until the test takes them, timers come as mails. */
final class TaskThread implements MailboxExecutor, ProcessingTimeService, AutoCloseable {

    private final LinkedBlockingQueue<ThrowingRunnable<? extends Exception>> mails = new LinkedBlockingQueue<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "test-clock");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public void execute(
            MailOptions options,
            ThrowingRunnable<? extends Exception> command,
            String descriptionFormat,
            Object... descriptionArgs) {
        mails.add(command);
    }

    @Override
    public void yield() throws InterruptedException {
        ThrowingRunnable<? extends Exception> mail = mails.poll(60, TimeUnit.SECONDS);
        if (mail == null) {
            throw new IllegalStateException(
                    "no mail within a minute: the writer waits for something that nobody sends");
        }
        run(mail);
    }

    @Override
    public boolean tryYield() {
        ThrowingRunnable<? extends Exception> mail = mails.poll();
        if (mail != null) {
            run(mail);
        }
        return mail != null;
    }

    @Override
    public boolean shouldInterrupt() {
        return false;
    }

    @Override
    public long getCurrentProcessingTime() {
        return System.currentTimeMillis();
    }

    @Override
    public ScheduledFuture<?> registerTimer(long timestamp, ProcessingTimeCallback target) {
        return clock.schedule(
                () -> mails.add(() -> target.onProcessingTime(timestamp)),
                Math.max(0, timestamp - getCurrentProcessingTime()),
                TimeUnit.MILLISECONDS);
    }

    /** Takes mails until the condition holds. */
    void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("waited 30 s in vain for " + what);
            }
            ThrowingRunnable<? extends Exception> mail = mails.poll(5, TimeUnit.MILLISECONDS);
            if (mail != null) {
                run(mail);
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private static void run(ThrowingRunnable<? extends Exception> mail) {
        try {
            mail.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new FlinkRuntimeException(e);
        }
    }
}
