package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import touchline.feed.Refusal;
import touchline.feed.Refused;

@SuppressWarnings("try") // the harness may throw InterruptedException on close
class LogTimeTest {

    private static final int PARTITIONS = 4;
    private static final String MATCH = "t:1";
    private static final int HOME = Utils.toPositive(Utils.murmur2(MATCH.getBytes(UTF_8))) % PARTITIONS;

    @Test
    void logTimeIsTheLargestTimestampSeenInThePartition() throws Exception {
        try (var harness = harness(null)) {
            told(harness, HOME, 1000);
            told(harness, HOME, 900);
            told(harness, HOME, 1100);
            assertThat(logTimes(harness)).containsExactly(1000L, 1000L, 1100L);
        }
    }

    @Test
    void aTickMovesLogTimeAndGoesNoFurther() throws Exception {
        try (var harness = harness(null)) {
            harness.processElement(new StreamRecord<>(new LogEntry(HOME, 5000, null, LogTime.TICK)));
            told(harness, HOME, 4000);
            assertThat(logTimes(harness)).containsExactly(5000L);
            assertThat(refused(harness)).isEmpty();
        }
    }

    @Test
    void anotherPartitionHasATimeOfItsOwn() throws Exception {
        try (var harness = harness(null)) {
            harness.processElement(new StreamRecord<>(new LogEntry((HOME + 1) % PARTITIONS, 5000, null, LogTime.TICK)));
            told(harness, HOME, 4000);
            assertThat(logTimes(harness)).containsExactly(4000L);
        }
    }

    @Test
    void aClockThatStepsBackDuringARestoreTakesNoLogTimeAlong() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = harness(null)) {
            told(harness, HOME, 1000);
            snapshot = harness.snapshot(1, 1);
        }
        try (var harness = harness(snapshot)) {
            told(harness, HOME, 500);
            assertThat(logTimes(harness)).containsExactly(1000L);
        }
    }

    @Test
    void everyInstanceKnowsEveryPartitionsTimeAfterARestoreWithMoreInstances() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = harness(null)) {
            told(harness, HOME, 1000);
            snapshot = harness.snapshot(1, 1);
        }
        for (int instance = 0; instance < 2; instance++) {
            try (var harness = new OneInputStreamOperatorTestHarness<>(operator(), 4, 2, instance)) {
                harness.setup(FlinkTypes.TOLD.createSerializer(
                        harness.getExecutionConfig().getSerializerConfig()));
                harness.initializeState(
                        OneInputStreamOperatorTestHarness.repartitionOperatorState(snapshot, 4, 1, 2, instance));
                harness.open();
                told(harness, HOME, 500);
                assertThat(logTimes(harness)).containsExactly(1000L);
            }
        }
    }

    @Test
    void aRecordInAPartitionThatIsNotItsKeysIsRefused() throws Exception {
        refuses(
                Refusal.WRONG_PARTITION,
                new LogEntry((HOME + 1) % PARTITIONS, 1, MATCH.getBytes(UTF_8), "{}".getBytes(UTF_8)));
    }

    @Test
    void onlyATickMayComeWithoutAKey() throws Exception {
        refuses(Refusal.MISSING_FIELD, new LogEntry(HOME, 1, null, "{}".getBytes(UTF_8)));
        refuses(Refusal.MISSING_FIELD, new LogEntry(HOME, 1, null, null));
    }

    @Test
    void aKeyThatIsNoMatchIdIsRefused() throws Exception {
        refuses(Refusal.BAD_ID, new LogEntry(HOME, 1, "no id".getBytes(UTF_8), "{}".getBytes(UTF_8)));
        refuses(Refusal.BAD_ID, new LogEntry(HOME, 1, new byte[] {-1, -2}, "{}".getBytes(UTF_8)));
    }

    @Test
    void aRecordWithoutAValueIsRefused() throws Exception {
        refuses(Refusal.NOT_JSON, new LogEntry(HOME, 1, MATCH.getBytes(UTF_8), null));
    }

    @Test
    void aRecordAboveTheBoundIsRefusedWithItsPayload() throws Exception {
        Refused refused = refuses(Refusal.TOO_LARGE, new LogEntry(HOME, 1, MATCH.getBytes(UTF_8), new byte[20_000]));
        assertThat(refused.payload()).hasSize(20_000);
        assertThat(refused.detail()).contains("20000");
    }

    private static Refused refuses(Refusal reason, LogEntry entry) throws Exception {
        try (var harness = harness(null)) {
            harness.processElement(new StreamRecord<>(entry));
            assertThat(logTimes(harness)).isEmpty();
            assertThat(refused(harness)).extracting(Refused::reason).containsExactly(reason);
            return refused(harness).get(0);
        }
    }

    private static void told(OneInputStreamOperatorTestHarness<LogEntry, Told> harness, int partition, long timestamp)
            throws Exception {
        harness.processElement(
                new StreamRecord<>(new LogEntry(partition, timestamp, MATCH.getBytes(UTF_8), "{}".getBytes(UTF_8))));
    }

    private static List<Long> logTimes(OneInputStreamOperatorTestHarness<LogEntry, Told> harness) {
        List<Long> times = new ArrayList<>();
        for (Told told : harness.extractOutputValues()) {
            times.add(told.logTime);
        }
        return times;
    }

    private static List<Refused> refused(OneInputStreamOperatorTestHarness<LogEntry, Told> harness) {
        Queue<StreamRecord<Refused>> side = harness.getSideOutput(MarketJob.REFUSED);
        return side == null
                ? List.of()
                : side.stream().map(StreamRecord::getValue).toList();
    }

    @Test
    void aCheckpointOfAnotherLogIsRefusedWithTheRemedy() throws Exception {
        OperatorSubtaskState state;
        try (OneInputStreamOperatorTestHarness<LogEntry, Told> harness = harness(null)) {
            told(harness, 0, 5);
            state = harness.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<LogEntry, Told> other = new OneInputStreamOperatorTestHarness<>(
                new ProcessOperator<>(new LogTime(PARTITIONS, 10_000, "another", MarketJob.REFUSED)))) {
            other.setup(
                    FlinkTypes.TOLD.createSerializer(other.getExecutionConfig().getSerializerConfig()));
            assertThatThrownBy(() -> other.initializeState(state))
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasStackTraceContaining("was topic id log and is another")
                    .hasStackTraceContaining("Raise market.generation");
        }
    }

    private static ProcessOperator<LogEntry, Told> operator() {
        return new ProcessOperator<>(new LogTime(PARTITIONS, 10_000, "log", MarketJob.REFUSED));
    }

    private static OneInputStreamOperatorTestHarness<LogEntry, Told> harness(@Nullable OperatorSubtaskState from)
            throws Exception {
        OneInputStreamOperatorTestHarness<LogEntry, Told> harness = new OneInputStreamOperatorTestHarness<>(operator());
        harness.setup(
                FlinkTypes.TOLD.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
        return harness;
    }
}
