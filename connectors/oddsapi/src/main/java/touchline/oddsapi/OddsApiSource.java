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
 * <p>{@link #once} hears every endpoint once instead and ends; what cannot be heard fails it, at once where only a
 * person can help, else after the configured attempts.
 *
 * <p>It promises no type information and no watermarks; give both to {@code fromSource}.
 */
public final class OddsApiSource implements Source<OddsApiEvent, OddsApiSplit, List<String>> {
    private static final long serialVersionUID = 1L;

    private final OddsApiConfig config;
    private final Connection connection;
    private final boolean once;
    private final boolean silent;

    public OddsApiSource(OddsApiConfig config) {
        this(config, new Live(), false, false);
    }

    private OddsApiSource(OddsApiConfig config, Connection connection, boolean once, boolean silent) {
        this.config = config;
        this.connection = connection;
        this.once = once;
        this.silent = silent;
    }

    /** A bounded one: a single successful poll of each endpoint. */
    public static OddsApiSource once(OddsApiConfig config) {
        return new OddsApiSource(config, new Live(), true, false);
    }

    /** A bounded one that asks nobody, for those who know already that no answer would be of use. */
    static OddsApiSource silent(OddsApiConfig config) {
        return new OddsApiSource(config, new Live(), true, true);
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
        return once ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<OddsApiEvent, OddsApiSplit> createReader(SourceReaderContext context) {
        return reader(context);
    }

    OddsApiReader reader(SourceReaderContext context) {
        return new OddsApiReader(config, connection.open(config), connection::nowMs, context.metricGroup(), once);
    }

    @Override
    public SplitEnumerator<OddsApiSplit, List<String>> createEnumerator(SplitEnumeratorContext<OddsApiSplit> context) {
        return restoreEnumerator(context, List.of());
    }

    @Override
    public SplitEnumerator<OddsApiSplit, List<String>> restoreEnumerator(
            SplitEnumeratorContext<OddsApiSplit> context, List<String> assigned) {
        List<OddsApiSplit> splits = silent ? List.of() : OddsApiEnumerator.configured(config);
        return new OddsApiEnumerator(context, splits, assigned, once);
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
