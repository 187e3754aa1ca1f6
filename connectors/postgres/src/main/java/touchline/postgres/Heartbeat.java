package touchline.postgres;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * Hands every row on as it is. While it runs, so does a {@link HeartbeatWriter} in a thread of its own: behind the source
 * in the job graph, so that they live and die together, and outside its stream. Its gauges show the slot.
 */
final class Heartbeat extends RichMapFunction<Captured, Captured> {
    private static final long serialVersionUID = 1L;

    private final PostgresSettings settings;
    private transient @Nullable HeartbeatWriter writer;
    private transient volatile long delayMs;

    Heartbeat(PostgresSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(OpenContext context) {
        WalPositionLocatorCheck.verify();
        HeartbeatWriter started = new HeartbeatWriter(settings).start();
        writer = started;
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("postgres");
        metrics.gauge("heartbeatsWritten", started::written);
        metrics.gauge("heartbeatsFailed", started::failed);
        metrics.gauge("heartbeatDelayMs", () -> delayMs);
        metrics.gauge(
                "slotLagBytes", () -> started.slot().map(SlotHealth::lagBytes).orElse(-1L));
        metrics.gauge(
                "slotLeftBytes", () -> started.slot().map(SlotHealth::leftBytes).orElse(-1L));
        metrics.gauge(
                "slotStatus", () -> started.slot().map(SlotHealth::walStatus).orElse("missing"));
        metrics.gauge(
                "slotInDanger", () -> started.slot().map(SlotHealth::inDanger).orElse(true) ? 1 : 0);
    }

    @Override
    public Captured map(Captured captured) {
        if (captured instanceof Captured.Beat beat && beat.streamed()) {
            delayMs = System.currentTimeMillis() - beat.at();
        }
        return captured;
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }
}
