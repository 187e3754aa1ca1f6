package touchline.oddsapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Hands every configured sport's endpoints to the one reader there is: they share a key, a quota and a rate limit. A
 * sport that is no longer configured stays with the reader, which lets it rest.
 */
final class OddsApiEnumerator implements SplitEnumerator<OddsApiSplit, List<String>> {

    private final SplitEnumeratorContext<OddsApiSplit> context;
    private final SortedMap<String, OddsApiSplit> waiting = new TreeMap<>();
    private final List<String> assigned;
    private final boolean once;

    /** @param once there will be no other splits, which the reader must know to end */
    OddsApiEnumerator(
            SplitEnumeratorContext<OddsApiSplit> context,
            List<OddsApiSplit> configured,
            List<String> assigned,
            boolean once) {
        if (context.currentParallelism() != 1) {
            throw new IllegalArgumentException("parallelism=" + context.currentParallelism()
                    + ": the odds API's key, quota and rate limit are one reader's; use setParallelism(1)");
        }
        this.context = context;
        this.once = once;
        this.assigned = new ArrayList<>(assigned);
        for (OddsApiSplit split : configured) {
            if (!assigned.contains(split.splitId())) {
                waiting.put(split.splitId(), split);
            }
        }
    }

    @Override
    public void start() {}

    @Override
    public void addReader(int subtask) {
        waiting.values().forEach(split -> context.assignSplit(split, subtask));
        assigned.addAll(waiting.keySet());
        waiting.clear();
        if (once) {
            context.signalNoMoreSplits(subtask);
        }
    }

    @Override
    public void addSplitsBack(List<OddsApiSplit> splits, int subtask) {
        for (OddsApiSplit split : splits) {
            assigned.remove(split.splitId());
            waiting.put(split.splitId(), split);
        }
    }

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {
        throw new IllegalStateException("subtask=" + subtask + " asked for a split; they are assigned unasked");
    }

    @Override
    public List<String> snapshotState(long checkpoint) {
        return List.copyOf(assigned);
    }

    @Override
    public void close() {}

    /** The ids of the assigned splits, a line each. */
    static final class Serializer implements SimpleVersionedSerializer<List<String>> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(List<String> assigned) {
            return String.join("\n", assigned).getBytes(UTF_8);
        }

        @Override
        public List<String> deserialize(int version, byte[] serialized) throws IOException {
            if (version != getVersion()) {
                throw new IOException("an enumerator's state of format " + version + ", not " + getVersion());
            }
            String text = new String(serialized, UTF_8);
            return text.lines().toList();
        }
    }

    static List<OddsApiSplit> configured(OddsApiConfig config) {
        List<OddsApiSplit> splits = new ArrayList<>();
        for (String sport : config.sports()) {
            splits.add(new OddsApiSplit(OddsApiSplit.Group.ODDS, sport));
            if (config.scores()) {
                splits.add(new OddsApiSplit(OddsApiSplit.Group.SCORES, sport));
            }
        }
        return List.copyOf(splits);
    }
}
