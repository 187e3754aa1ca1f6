package touchline.redis;

import io.lettuce.core.StreamMessage;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.UserCodeClassLoader;

/**
 * Reads streams entry by entry in their order. The place in each stream is kept in checkpoints, so every entry counts
 * exactly once, as long as Redis still has it: what was trimmed before it was read is not missed. A bounded one reads up
 * to the entry that was the last when it began.
 */
final class StreamsSource implements Source<RowData, StreamSplit, StreamsEnumerator.Plan> {

    private static final long serialVersionUID = 1;

    private final RedisConfig config;
    private final StreamsConfig streams;
    private final EntryFormat format;
    private final boolean bounded;

    StreamsSource(RedisConfig config, StreamsConfig streams, EntryFormat format, boolean bounded) {
        this.config = config;
        this.streams = streams;
        this.format = format;
        this.bounded = bounded;
    }

    @Override
    public Boundedness getBoundedness() {
        return bounded ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<RowData, StreamSplit> createReader(SourceReaderContext context) throws Exception {
        format.open(new Opening(context));
        return new Reader(config, streams, format, context);
    }

    @Override
    public SplitEnumerator<StreamSplit, StreamsEnumerator.Plan> createEnumerator(
            SplitEnumeratorContext<StreamSplit> context) {
        return restoreEnumerator(context, StreamsEnumerator.Plan.NONE);
    }

    @Override
    public SplitEnumerator<StreamSplit, StreamsEnumerator.Plan> restoreEnumerator(
            SplitEnumeratorContext<StreamSplit> context, StreamsEnumerator.Plan plan) {
        return new StreamsEnumerator(context, config, streams, bounded, plan);
    }

    @Override
    public SimpleVersionedSerializer<StreamSplit> getSplitSerializer() {
        return new StreamSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<StreamsEnumerator.Plan> getEnumeratorCheckpointSerializer() {
        return new StreamsEnumerator.Serializer();
    }

    /** A split's place moves as its entries are handed on. */
    private static final class Place {
        private StreamSplit split;

        private Place(StreamSplit split) {
            this.split = split;
        }
    }

    @SuppressWarnings("try") // Flink's own reader may be interrupted while it closes.
    private static final class Reader
            extends SingleThreadMultiplexSourceReaderBase<StreamMessage<byte[], byte[]>, RowData, StreamSplit, Place> {

        private Reader(RedisConfig config, StreamsConfig streams, EntryFormat format, SourceReaderContext context) {
            super(
                    () -> new StreamsReader(config, streams),
                    (entry, output, place) -> {
                        format.rows(place.split.stream(), entry, output);
                        place.split = place.split.read(entry.getId());
                    },
                    context.getConfiguration(),
                    context);
        }

        @Override
        protected void onSplitFinished(Map<String, Place> finished) {}

        @Override
        protected Place initializedState(StreamSplit split) {
            return new Place(split);
        }

        @Override
        protected StreamSplit toSplitType(String stream, Place place) {
            return place.split;
        }
    }

    private record Opening(SourceReaderContext context) implements DeserializationSchema.InitializationContext {

        @Override
        public MetricGroup getMetricGroup() {
            return context.metricGroup().addGroup("deserializer");
        }

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            return context.getUserCodeClassLoader();
        }
    }
}
