package touchline.oddsapi;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Polls odds and scores of the configured sports and emits a full view per poll and match, and a missing one for each
 * match that a successful poll no longer had. At least once: after a restore the generation rises and the first poll is
 * said again, whole. A sport that cannot be polled is silent, which its consumers notice by the {@code nextMs} promised;
 * the job does not fail for it. Runs with parallelism 1: key, quota and rate limit are one.
 *
 * <p>It promises no type information and no watermarks; give both to {@code fromSource}.
 */
public final class OddsApiSource implements Source<OddsApiEvent, OddsApiSplit, List<String>> {
    private static final long serialVersionUID = 1L;

    private final OddsApiConfig config;
    private final Connection connection;

    public OddsApiSource(OddsApiConfig config) {
        this(config, new Live());
    }

    OddsApiSource(OddsApiConfig config, Connection connection) {
        this.config = config;
        this.connection = connection;
    }

    /** The outside world as the reader needs it: the vendor and the wall clock. */
    interface Connection extends Serializable {
        OddsApi open(OddsApiConfig config);

        long nowMs();
    }

    private record Live() implements Connection {

        @Override
        public OddsApi open(OddsApiConfig config) {
            return new HttpOddsApi(config);
        }

        @Override
        public long nowMs() {
            return System.currentTimeMillis();
        }
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<OddsApiEvent, OddsApiSplit> createReader(SourceReaderContext context) {
        return new OddsApiReader(config, connection.open(config), connection::nowMs, context.metricGroup());
    }

    @Override
    public SplitEnumerator<OddsApiSplit, List<String>> createEnumerator(SplitEnumeratorContext<OddsApiSplit> context) {
        return restoreEnumerator(context, List.of());
    }

    @Override
    public SplitEnumerator<OddsApiSplit, List<String>> restoreEnumerator(
            SplitEnumeratorContext<OddsApiSplit> context, List<String> assigned) {
        return new OddsApiEnumerator(context, OddsApiEnumerator.configured(config), assigned);
    }

    @Override
    public SimpleVersionedSerializer<OddsApiSplit> getSplitSerializer() {
        return new OddsApiSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<List<String>> getEnumeratorCheckpointSerializer() {
        return new OddsApiEnumerator.Serializer();
    }
}
