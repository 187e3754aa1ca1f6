package touchline.postgres;

import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.streaming.api.operators.StreamMap;

/**
 * Runs the {@link Heartbeat}, and lets it look now and then whether its stream has gone deaf: what never comes calls no
 * function. A deaf stream fails the task, and the job reads on over a new connection.
 */
final class HeartbeatOperator extends StreamMap<Captured, Captured>
        implements ProcessingTimeService.ProcessingTimeCallback {
    private static final long serialVersionUID = 1L;

    private final int everyMs;

    HeartbeatOperator(PostgresSettings settings) {
        super(new Heartbeat(settings));
        everyMs = settings.heartbeatMs();
    }

    @Override
    public void open() throws Exception {
        super.open();
        lookLater();
    }

    @Override
    public void onProcessingTime(long time) {
        ((Heartbeat) userFunction).look();
        lookLater();
    }

    private void lookLater() {
        ProcessingTimeService clock = getProcessingTimeService();
        var unused = clock.registerTimer(clock.getCurrentProcessingTime() + everyMs, this);
    }
}
