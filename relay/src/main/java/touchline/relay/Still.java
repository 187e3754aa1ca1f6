package touchline.relay;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Notices that a number has not changed for long: once, then again after twice that time, and so on up to a minute. */
final class Still {

    private static final long LONGEST_MS = 60_000;

    private final LongSupplier nanos;
    private final Pause pause;
    private long number = Long.MIN_VALUE;
    private long since;
    private long patienceMs;

    Still(long firstMs, LongSupplier nanos) {
        this.nanos = nanos;
        pause = new Pause(firstMs, LONGEST_MS);
    }

    boolean isLong(long number) {
        long now = nanos.getAsLong();
        if (number != this.number) {
            this.number = number;
            pause.over();
            since = now;
            patienceMs = pause.nextMs();
            return false;
        }
        if (TimeUnit.NANOSECONDS.toMillis(now - since) < patienceMs) {
            return false;
        }
        since = now;
        patienceMs = pause.nextMs();
        return true;
    }
}
