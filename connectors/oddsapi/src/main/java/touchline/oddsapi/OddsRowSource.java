package touchline.oddsapi;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.feed.Fixture;
import touchline.feed.Polled;
import touchline.feed.Quote;

/**
 * What {@link OddsApiSource} hears, as rows: one per match, bookmaker, market and outcome of every poll, all appended. A
 * match that is missing has no row. What was refused is counted and logged, and no row either.
 */
final class OddsRowSource implements Source<RowData, OddsApiSplit, List<String>> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(OddsRowSource.class);

    private final OddsApiSource heard;
    private final List<OddsColumn> columns;

    /** @param columns of a row, in its order */
    OddsRowSource(OddsApiSource heard, List<OddsColumn> columns) {
        this.heard = heard;
        this.columns = List.copyOf(columns);
    }

    @Override
    public Boundedness getBoundedness() {
        return heard.getBoundedness();
    }

    @Override
    public SourceReader<RowData, OddsApiSplit> createReader(SourceReaderContext context) {
        return new Reader(heard.reader(context), columns);
    }

    @Override
    public SplitEnumerator<OddsApiSplit, List<String>> createEnumerator(SplitEnumeratorContext<OddsApiSplit> context) {
        return heard.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<OddsApiSplit, List<String>> restoreEnumerator(
            SplitEnumeratorContext<OddsApiSplit> context, List<String> assigned) {
        return heard.restoreEnumerator(context, assigned);
    }

    @Override
    public SimpleVersionedSerializer<OddsApiSplit> getSplitSerializer() {
        return heard.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<List<String>> getEnumeratorCheckpointSerializer() {
        return heard.getEnumeratorCheckpointSerializer();
    }

    private record Reader(OddsApiReader heard, List<OddsColumn> columns)
            implements SourceReader<RowData, OddsApiSplit> {

        @Override
        public void start() {
            heard.start();
        }

        @Override
        public InputStatus pollNext(ReaderOutput<RowData> output) throws IOException {
            return heard.pollNext(new Rows(output, columns));
        }

        @Override
        public List<OddsApiSplit> snapshotState(long checkpoint) {
            return heard.snapshotState(checkpoint);
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return heard.isAvailable();
        }

        @Override
        public void addSplits(List<OddsApiSplit> splits) {
            heard.addSplits(splits);
        }

        @Override
        public void notifyNoMoreSplits() {
            heard.notifyNoMoreSplits();
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) {
            heard.notifyCheckpointComplete(checkpoint);
        }

        @Override
        public void close() {
            heard.close();
        }
    }

    /** Takes events and gives rows. */
    private record Rows(ReaderOutput<RowData> output, List<OddsColumn> columns) implements ReaderOutput<OddsApiEvent> {

        @Override
        public void collect(OddsApiEvent event) {
            if (event instanceof OddsApiEvent.Heard heard) {
                collect(heard.polled());
            } else if (event instanceof OddsApiEvent.Unusable unusable) {
                LOG.warn(
                        "event=oddsapi.refused reason={} match={} detail=\"{}\"",
                        unusable.refused().reason(),
                        unusable.refused().match(),
                        unusable.refused().detail());
            }
        }

        @Override
        public void collect(OddsApiEvent event, long timestamp) {
            collect(event);
        }

        private void collect(Polled polled) {
            Fixture fixture = polled.view().fixture();
            if (fixture == null) {
                return;
            }
            for (Quote quote : polled.view().quotes()) {
                for (int place = 0; place < quote.prices().size(); place++) {
                    output.collect(row(new OddsColumn.Price(polled, fixture, quote, place)));
                }
            }
        }

        private RowData row(OddsColumn.Price price) {
            GenericRowData row = new GenericRowData(columns.size());
            for (int i = 0; i < columns.size(); i++) {
                row.setField(i, columns.get(i).of(price));
            }
            return row;
        }

        @Override
        public void emitWatermark(Watermark watermark) {
            output.emitWatermark(watermark);
        }

        @Override
        public void markIdle() {
            output.markIdle();
        }

        @Override
        public void markActive() {
            output.markActive();
        }

        @Override
        public SourceOutput<OddsApiEvent> createOutputForSplit(String split) {
            throw new IllegalStateException("split=" + split + ": the polls have no outputs of their own");
        }

        @Override
        public void releaseOutputForSplit(String split) {}
    }
}
