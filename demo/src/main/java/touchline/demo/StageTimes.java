package touchline.demo;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import touchline.update.Times;

/** How long the stages took: over the whole run, and over the last seconds for the eye. Safe across threads. */
final class StageTimes {

    private static final long MOST_MS = 3_600_000;
    private static final long WINDOW_MS = 5_000;

    /** p50 and p99 in ms; both -1 when nothing was measured. */
    record Percentiles(long p50, long p99, long count) {
        static final Percentiles NONE = new Percentiles(-1, -1, 0);

        static Percentiles of(Histogram histogram) {
            return histogram.getTotalCount() == 0
                    ? NONE
                    : new Percentiles(
                            histogram.getValueAtPercentile(50),
                            histogram.getValueAtPercentile(99),
                            histogram.getTotalCount());
        }
    }

    private static final class Watched {
        final Recorder recorder = new Recorder(MOST_MS, 3);
        final Histogram total = new Histogram(MOST_MS, 3);
        Histogram window = new Histogram(MOST_MS, 3);
    }

    private final Map<Stage, Watched> stages = new EnumMap<>(Stage.class);
    private long windowFrom;

    StageTimes() {
        for (Stage stage : Stage.values()) {
            stages.put(stage, new Watched());
        }
    }

    void record(Times times, long readAt) {
        stages.forEach((stage, watched) -> {
            long took = stage.tookMs(times, readAt);
            if (took >= 0) {
                watched.recorder.recordValue(Math.min(took, MOST_MS));
            }
        });
    }

    /** The last window that is full, at most {@value #WINDOW_MS} ms old when it began to be shown. */
    synchronized Map<Stage, Percentiles> recent(long now) {
        if (now - windowFrom >= WINDOW_MS) {
            windowFrom = now;
            roll();
        }
        Map<Stage, Percentiles> recent = new EnumMap<>(Stage.class);
        stages.forEach((stage, watched) -> recent.put(stage, Percentiles.of(watched.window)));
        return recent;
    }

    synchronized Map<Stage, Percentiles> total() {
        roll();
        Map<Stage, Percentiles> total = new EnumMap<>(Stage.class);
        stages.forEach((stage, watched) -> total.put(stage, Percentiles.of(watched.total)));
        return total;
    }

    private void roll() {
        for (Watched watched : stages.values()) {
            watched.window = watched.recorder.getIntervalHistogram();
            watched.total.add(watched.window);
        }
    }
}
