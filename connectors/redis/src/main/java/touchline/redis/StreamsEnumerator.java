package touchline.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out once where each stream begins and, in a bounded read, ends, and hands it to its reader. A place is known
 * before anything is read, so that what comes between a checkpoint and a restart is not taken for old.
 */
final class StreamsEnumerator implements SplitEnumerator<StreamSplit, StreamsEnumerator.Plan> {

    private final SplitEnumeratorContext<StreamSplit> context;
    private final RedisConfig config;
    private final StreamsConfig streams;
    private final boolean bounded;
    private final SortedMap<String, StreamSplit> waiting = new TreeMap<>();
    private final SortedSet<String> assigned;
    private boolean known;

    /**
     * @param waiting whose place is known and who have no reader yet
     * @param assigned the streams that readers have
     */
    record Plan(List<StreamSplit> waiting, List<String> assigned) {
        static final Plan NONE = new Plan(List.of(), List.of());
    }

    StreamsEnumerator(
            SplitEnumeratorContext<StreamSplit> context,
            RedisConfig config,
            StreamsConfig streams,
            boolean bounded,
            Plan plan) {
        this.context = context;
        this.config = config;
        this.streams = streams;
        this.bounded = bounded;
        this.assigned = new TreeSet<>(plan.assigned());
        plan.waiting().forEach(split -> waiting.put(split.splitId(), split));
    }

    @Override
    public void start() {
        List<String> unknown = streams.stream().stream()
                .filter(stream -> !assigned.contains(stream) && !waiting.containsKey(stream))
                .toList();
        if (unknown.isEmpty()) {
            known = true;
        } else {
            context.callAsync(() -> places(unknown), this::found);
        }
    }

    private List<StreamSplit> places(List<String> unknown) throws IOException, InterruptedException {
        Attempts attempts = new Attempts(config);
        List<StreamSplit> found = new ArrayList<>();
        try (RedisLink link = attempts.of("", () -> RedisLink.open(config))) {
            for (String stream : unknown) {
                String last = attempts.of(": stream " + stream, () -> Attempts.join(link.lastEntry(stream)));
                found.add(new StreamSplit(stream, streams.after(last), bounded ? last : null));
            }
        }
        return found;
    }

    private void found(@Nullable List<StreamSplit> found, @Nullable Throwable failure) {
        if (found == null) {
            throw new FlinkRuntimeException("where the streams " + streams.stream() + " begin is not known", failure);
        }
        found.forEach(split -> waiting.put(split.splitId(), split));
        known = true;
        List.copyOf(context.registeredReaders().keySet()).forEach(this::assign);
    }

    @Override
    public void addReader(int subtask) {
        if (known) {
            assign(subtask);
        }
    }

    private void assign(int subtask) {
        List<StreamSplit> own = new ArrayList<>();
        for (int i = 0; i < streams.stream().size(); i++) {
            StreamSplit split = waiting.get(streams.stream().get(i));
            if (split != null && i % context.currentParallelism() == subtask) {
                own.add(split);
            }
        }
        if (!own.isEmpty()) {
            // All at once: the watermark of the first would not wait for a stream that the reader does not know of yet.
            context.assignSplits(new SplitsAssignment<>(Map.of(subtask, own)));
            own.forEach(split -> {
                waiting.remove(split.splitId());
                assigned.add(split.splitId());
            });
        }
        // A reader without a stream must not hold the watermark back.
        context.signalNoMoreSplits(subtask);
    }

    @Override
    public void addSplitsBack(List<StreamSplit> splits, int subtask) {
        for (StreamSplit split : splits) {
            assigned.remove(split.splitId());
            waiting.put(split.splitId(), split);
        }
    }

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {
        throw new IllegalStateException("subtask=" + subtask + " asked for a split; they are assigned unasked");
    }

    @Override
    public Plan snapshotState(long checkpoint) {
        return new Plan(List.copyOf(waiting.values()), List.copyOf(assigned));
    }

    @Override
    public void close() {}

    /** Plans as bytes. */
    static final class Serializer implements SimpleVersionedSerializer<Plan> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Plan plan) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(plan.waiting().size());
            for (StreamSplit split : plan.waiting()) {
                StreamSplit.Serializer.write(split, out);
            }
            out.writeInt(plan.assigned().size());
            for (String stream : plan.assigned()) {
                out.writeUTF(stream);
            }
            return bytes.toByteArray();
        }

        @Override
        public Plan deserialize(int version, byte[] serialized) throws IOException {
            if (version != getVersion()) {
                throw new IOException("an enumerator's state of format " + version + ", not " + getVersion());
            }
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
            List<StreamSplit> waiting = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                waiting.add(StreamSplit.Serializer.read(in));
            }
            List<String> assigned = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                assigned.add(in.readUTF());
            }
            return new Plan(waiting, assigned);
        }
    }
}
