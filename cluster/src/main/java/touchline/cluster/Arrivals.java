package touchline.cluster;

import java.util.ArrayList;
import java.util.List;

/** When updates came to a subscriber since a moment; the longest silence among them is what a fault cost. */
final class Arrivals {

    private final List<Long> times = new ArrayList<>();
    private long since = Long.MAX_VALUE;

    synchronized void begin(long at) {
        times.clear();
        since = at;
    }

    synchronized void add(long at) {
        if (at >= since) {
            times.add(at);
        }
    }

    synchronized long count() {
        return times.size();
    }

    /** How many came after that moment. */
    synchronized long countAfter(long at) {
        return times.stream().filter(time -> time > at).count();
    }

    /** From the fault to the first update after the longest silence, ms; -1 if none came at all. */
    synchronized long recoveryMs() {
        long longest = -1;
        long end = -1;
        long before = since;
        for (long time : times) {
            if (time - before > longest) {
                longest = time - before;
                end = time - since;
            }
            before = time;
        }
        return end;
    }
}
