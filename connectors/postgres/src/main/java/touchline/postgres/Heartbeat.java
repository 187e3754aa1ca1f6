package touchline.postgres;

import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hands every row on as it is. While it runs, so does a {@link HeartbeatWriter} in a thread of its own: behind the source
 * in the job graph, so that they live and die together, and outside its stream. Its gauges show the slot.
 *
 * <p>A connection that the network has forgotten stays open and brings nothing, and the source behind it waits for ever. That
 * is known by the heartbeats: when some were committed and none came back, the stream is deaf.
 *
 * <p>After a restore it makes sure that the slot is still there: the source behind it would make a new one and go on, deaf to
 * all that was written in between.
 */
final class Heartbeat extends RichMapFunction<Captured, Captured> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    /** So many heartbeats that did not come are no accident. */
    private static final long ENOUGH = 3;

    private final PostgresSettings settings;
    private transient @Nullable HeartbeatWriter writer;
    private transient @Nullable ListState<Boolean> reading;
    private transient volatile long delayMs;
    private transient boolean streams;
    private transient int silentLooks;
    private transient long writtenThen;

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
    public void initializeState(FunctionInitializationContext context) throws Exception {
        reading = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("reading", Types.BOOLEAN));
        if (reading.get().iterator().hasNext()) {
            SlotHealth.require(settings);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        if (reading == null) {
            throw new IllegalStateException("a snapshot before initializeState");
        }
        reading.update(List.of(true));
    }

    @Override
    public Captured map(Captured captured) {
        silentLooks = 0;
        streams |= captured.streamed();
        if (captured instanceof Captured.Beat beat && beat.streamed()) {
            delayMs = System.currentTimeMillis() - beat.at();
        }
        return captured;
    }

    /**
     * Comes once in the time of a heartbeat, and not at all while the task is held up.
     *
     * @throws IllegalStateException when heartbeats were written for so long and nothing came
     */
    void look() {
        // How long the way to where it was left is, nobody knows: much may have been written to other tables.
        if (writer == null || !streams) {
            return;
        }
        if (silentLooks == 0) {
            writtenThen = writer.written();
        }
        silentLooks++;
        long silentMs = (long) silentLooks * settings.heartbeatMs();
        // One that was written just now may be on its way; while none can be, it is the database that is away.
        long written = writer.written() - writtenThen;
        if (silentMs >= settings.timeoutMs() && written >= ENOUGH) {
            throw new IllegalStateException("the change stream of " + settings.jdbcUrl() + " is deaf: " + written
                    + " heartbeats were committed, and for " + silentMs
                    + " ms nothing came; it is read on over a new connection");
        }
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }
}
