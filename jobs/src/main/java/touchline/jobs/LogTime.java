package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import touchline.feed.Bounds;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;

/**
 * Gives every record of the feed log its log time: the largest broker timestamp seen so far in its partition, ticks
 * included. A broker whose clock steps back does not take log time with it, also across a restore. Ticks end here, and so
 * does whatever lies in a partition that is not its key's: its order among the match's records would be an accident.
 *
 * <p>Chained to the source, so that a partition is always seen by the instance that reads it.
 */
final class LogTime extends ProcessFunction<LogEntry, Told> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    /** The value of a tick, whole. */
    static final byte[] TICK = "{\"kind\":\"tick\"}".getBytes(UTF_8);

    private final int partitions;
    private final int maxRecordBytes;
    private final String log;
    private final OutputTag<Refused> refused;

    private final Map<Integer, Long> maxima = new TreeMap<>();
    private transient @Nullable ListState<Tuple2<Integer, Long>> state;
    private transient @Nullable ListState<String> logs;

    /** @param log id of the topic that is read */
    LogTime(int partitions, int maxRecordBytes, String log, OutputTag<Refused> refused) {
        this.partitions = partitions;
        this.maxRecordBytes = maxRecordBytes;
        this.log = log;
        this.refused = refused;
    }

    @Override
    public void processElement(LogEntry entry, Context context, Collector<Told> out) {
        long logTime = maxima.merge(entry.partition, entry.timestamp, Math::max);
        byte[] key = entry.key;
        byte[] value = entry.value;
        if (key == null) {
            if (!Arrays.equals(value, TICK)) {
                refuse(context, Refusal.MISSING_FIELD, "", "key: only a tick has none", value);
            }
            return;
        }
        String match;
        try {
            match = Bounds.matchId(new String(key, UTF_8));
        } catch (RefusedException e) {
            refuse(context, e.reason(), "", "key: " + e.detail(), value);
            return;
        }
        int expected = Utils.toPositive(Utils.murmur2(key)) % partitions;
        if (expected != entry.partition) {
            String detail = "partition=" + entry.partition + ": the key belongs into " + expected + " of " + partitions
                    + "; write with Kafka's default partitioner";
            refuse(context, Refusal.WRONG_PARTITION, match, detail, value);
        } else if (value == null) {
            refuse(context, Refusal.NOT_JSON, match, "value: is null", null);
        } else if (value.length > maxRecordBytes) {
            String detail = "size=" + value.length + ": at most " + maxRecordBytes + " bytes are read";
            refuse(context, Refusal.TOO_LARGE, match, detail, value);
        } else {
            out.collect(new Told(match, logTime, value));
        }
    }

    private void refuse(Context context, Refusal reason, String match, String detail, byte @Nullable [] payload) {
        context.output(refused, new Refused(reason, match, "", detail, Payload.text(payload)));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        state = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("log-time", Types.TUPLE(Types.INT, Types.LONG)));
        logs = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("log", Types.STRING));
        for (String restored : logs.get()) {
            if (!restored.equals(log)) {
                throw new SuppressRestartsException(new IllegalStateException(Topics.anotherLog(restored, log)));
            }
        }
        // Every instance learns every partition's maximum: whoever reads it next has it.
        for (Tuple2<Integer, Long> maximum : state.get()) {
            maxima.merge(maximum.f0, maximum.f1, Math::max);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        if (state == null || logs == null) {
            throw new IllegalStateException("a snapshot before initializeState");
        }
        logs.update(List.of(log));
        state.clear();
        for (Map.Entry<Integer, Long> maximum : maxima.entrySet()) {
            state.add(Tuple2.of(maximum.getKey(), maximum.getValue()));
        }
    }
}
