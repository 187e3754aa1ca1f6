package touchline.redis;

import java.util.List;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** What a writer tells about itself, in the metric group of its task. */
final class WriterMetrics {

    private static final int WINDOW = 2_000;

    private final Counter sent;
    private final Counter applied;
    private final Counter repeats;
    private final Counter batches;
    private final Counter retries;
    private final Histogram batchSize;
    private final Histogram roundTripMs;
    private volatile long lastRoundTripMs;

    WriterMetrics(SinkWriterMetricGroup group, LongSupplier inFlight, LongSupplier beatLagMs) {
        sent = group.getNumRecordsSendCounter();
        applied = group.counter("applied");
        repeats = group.counter("repeats");
        batches = group.counter("batches");
        retries = group.counter("retries");
        batchSize = group.histogram("batchSize", new DescriptiveStatisticsHistogram(WINDOW));
        roundTripMs = group.histogram("roundTripMs", new DescriptiveStatisticsHistogram(WINDOW));
        Gauge<Long> unconfirmed = inFlight::getAsLong;
        Gauge<Long> lag = beatLagMs::getAsLong;
        group.gauge("inFlight", unconfirmed);
        group.gauge("beatLagMs", lag);
        group.setCurrentSendTimeGauge(() -> lastRoundTripMs);
    }

    void answered(Call call, String letters, long tookMs) {
        roundTripMs.update(tookMs);
        lastRoundTripMs = tookMs;
        if (call.updates().isEmpty()) {
            return;
        }
        int again = (int) letters.chars().filter(letter -> letter == 'R').count();
        sent.inc(letters.length());
        applied.inc(letters.length() - again);
        repeats.inc(again);
        batches.inc();
        batchSize.update(letters.length());
    }

    void retried() {
        retries.inc();
    }

    /** The oldest of the shards' beats. */
    static long oldestBeat(List<ShardLine> lines) {
        return lines.stream().mapToLong(ShardLine::beat).min().orElse(0);
    }
}
