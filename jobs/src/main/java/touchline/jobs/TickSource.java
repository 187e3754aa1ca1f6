package touchline.jobs;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeat of log time: every {@code tickMs} the numbers of all partitions, once each. Ticks that were missed while
 * nobody ran are not made up for. Run it with parallelism 1; it has no splits and no state.
 */
final class TickSource
        implements Source<Integer, TickSource.NoSplit, TickSource.NoSplit>, ResultTypeQueryable<Integer> {
    private static final long serialVersionUID = 1L;

    private final int partitions;
    private final long tickMs;

    TickSource(int partitions, long tickMs) {
        this.partitions = partitions;
        this.tickMs = tickMs;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public TypeInformation<Integer> getProducedType() {
        return Types.INT;
    }

    @Override
    public SourceReader<Integer, NoSplit> createReader(SourceReaderContext context) {
        return new Reader(partitions, tickMs);
    }

    @Override
    public SplitEnumerator<NoSplit, NoSplit> createEnumerator(SplitEnumeratorContext<NoSplit> context) {
        return new NoSplits();
    }

    @Override
    public SplitEnumerator<NoSplit, NoSplit> restoreEnumerator(
            SplitEnumeratorContext<NoSplit> context, NoSplit checkpoint) {
        return new NoSplits();
    }

    @Override
    public SimpleVersionedSerializer<NoSplit> getSplitSerializer() {
        return new NoSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<NoSplit> getEnumeratorCheckpointSerializer() {
        return new NoSplitSerializer();
    }

    private static final class Reader implements SourceReader<Integer, NoSplit> {

        private final int partitions;
        private final long tickMs;
        private final ScheduledExecutorService clock =
                Executors.newSingleThreadScheduledExecutor(run -> new Thread(run, "ticks"));
        private volatile CompletableFuture<Void> due = CompletableFuture.completedFuture(null);
        private @Nullable ScheduledFuture<?> ticking;
        private int next;

        Reader(int partitions, long tickMs) {
            this.partitions = partitions;
            this.tickMs = tickMs;
        }

        @Override
        public void start() {
            // Made due by the clock, cleared by the reader: a reader that is held up sends one round, not many.
            ticking = clock.scheduleAtFixedRate(() -> due.complete(null), tickMs, tickMs, TimeUnit.MILLISECONDS);
        }

        @Override
        public InputStatus pollNext(ReaderOutput<Integer> output) {
            if (!due.isDone()) {
                return InputStatus.NOTHING_AVAILABLE;
            }
            output.collect(next);
            next++;
            if (next < partitions) {
                return InputStatus.MORE_AVAILABLE;
            }
            next = 0;
            due = new CompletableFuture<>();
            return InputStatus.NOTHING_AVAILABLE;
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return due;
        }

        @Override
        public List<NoSplit> snapshotState(long checkpointId) {
            return List.of();
        }

        @Override
        public void addSplits(List<NoSplit> splits) {}

        @Override
        public void notifyNoMoreSplits() {}

        @Override
        public void close() {
            if (ticking != null) {
                ticking.cancel(false);
            }
            clock.shutdownNow();
        }
    }

    private static final class NoSplits implements SplitEnumerator<NoSplit, NoSplit> {

        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int subtaskId, @Nullable String requesterHostname) {}

        @Override
        public void addSplitsBack(List<NoSplit> splits, int subtaskId) {}

        @Override
        public void addReader(int subtaskId) {}

        @Override
        public NoSplit snapshotState(long checkpointId) {
            return new NoSplit();
        }

        @Override
        public void close() {}
    }

    /** Stands where the interface wants a split or the state of an enumerator. */
    record NoSplit() implements SourceSplit {
        @Override
        public String splitId() {
            return "ticks";
        }
    }

    private static final class NoSplitSerializer implements SimpleVersionedSerializer<NoSplit> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(NoSplit split) {
            return new byte[0];
        }

        @Override
        public NoSplit deserialize(int version, byte[] serialized) {
            return new NoSplit();
        }
    }
}
