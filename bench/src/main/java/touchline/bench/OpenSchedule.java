package touchline.bench;

import java.util.concurrent.locks.LockSupport;

/** Calls at intended times, whether or not the system keeps up: a late call is sent at once, its lateness counted. */
public final class OpenSchedule {

    /** What is called. */
    public interface Call {
        /** @param intended {@link System#nanoTime} at which it should have been sent */
        void at(int n, long intended) throws Exception;
    }

    private OpenSchedule() {}

    static void run(int perSecond, int seconds, Call call) throws Exception {
        run(System.nanoTime() + 100_000_000L, perSecond, seconds, call);
    }

    /** @param start {@link System#nanoTime} of the first call */
    public static void run(long start, int perSecond, int seconds, Call call) throws Exception {
        long gap = 1_000_000_000L / perSecond;
        for (int n = 0; n < perSecond * seconds; n++) {
            long intended = start + n * gap;
            for (long wait = intended - System.nanoTime(); wait > 0; wait = intended - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            call.at(n, intended);
        }
    }
}
