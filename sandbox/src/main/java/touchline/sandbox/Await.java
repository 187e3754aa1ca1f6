package touchline.sandbox;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition of the outside world by asking again and again, up to a deadline. */
public final class Await {

    private Await() {}

    /** @throws IllegalStateException naming {@code what} when the deadline passes first */
    public static void until(String what, Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("waited " + atMost.toMillis() + " ms in vain for " + what);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            }
        }
    }
}
