package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import touchline.feed.FeedRecord;
import touchline.feed.Kind;
import touchline.feed.ManualDocument;
import touchline.feed.Phase;
import touchline.feed.Score;
import touchline.postgres.Captured;
import touchline.postgres.Captured.Beat;
import touchline.postgres.Captured.Document;

@SuppressWarnings("try") // the harness may throw InterruptedException on close
class ManualFeedTest {

    private static final long NOW = 1_000_000;
    private static final long NEXT_MS = 12_000;

    @Test
    void aDocumentPromisesTheNextHeartbeatUnlessItIsOver() throws Exception {
        try (var feed = feed()) {
            tell(feed, 1, Phase.LIVE, null, false);
            tell(feed, 2, null, new Score(1, 0, false, NOW), false);
            tell(feed, 3, null, new Score(1, 0, true, NOW), false);
            tell(feed, 4, Phase.LIVE, new Score(1, 0, true, NOW), false);
            tell(feed, 5, Phase.ENDED, null, false);
            tell(feed, 6, null, null, true);
            assertThat(feed.extractOutputValues())
                    .extracting(FeedRecord::nextMs)
                    .containsExactly(NEXT_MS, NEXT_MS, 0L, NEXT_MS, 0L, 0L);
        }
    }

    @Test
    void anOldBeatDoesNotVouchForDocuments() throws Exception {
        try (var feed = feed()) {
            tell(feed, 1, Phase.LIVE, null, false);
            beat(feed, NOW - NEXT_MS - 1);
            assertThat(feed.extractOutputValues()).hasSize(1);
            beat(feed, NOW - NEXT_MS);
            assertThat(feed.extractOutputValues()).extracting(FeedRecord::kind).containsExactly(Kind.MANUAL, Kind.SEEN);
        }
    }

    @Test
    void noBeatSpeaksForAMatchThatIsOver() throws Exception {
        try (var feed = feed()) {
            tell(feed, 1, null, new Score(1, 0, true, NOW), false);
            beat(feed, NOW);
            assertThat(feed.extractOutputValues()).hasSize(1);
        }
    }

    @Test
    void beatsAreHeardAlsoAfterTheClockSteppedBack() throws Exception {
        try (var feed = feed()) {
            tell(feed, 1, Phase.LIVE, null, false);
            beat(feed, NOW);
            beat(feed, NOW + 1);
            assertThat(feed.extractOutputValues()).hasSize(2);
            feed.setProcessingTime(NOW - 500_000);
            beat(feed, NOW - 500_000);
            assertThat(feed.extractOutputValues()).hasSize(3);
        }
    }

    private static void tell(
            KeyedTwoInputStreamOperatorTestHarness<String, Document, Captured, FeedRecord> feed,
            long rev,
            @Nullable Phase phase,
            @Nullable Score score,
            boolean deleted)
            throws Exception {
        ManualDocument body =
                new ManualDocument(null, phase, null, score, null, List.of(), List.of(), List.of(), deleted);
        feed.processElement1(new StreamRecord<>(new Document("manual:1", 1, rev, NOW, body, true)));
    }

    private static void beat(
            KeyedTwoInputStreamOperatorTestHarness<String, Document, Captured, FeedRecord> feed, long at)
            throws Exception {
        feed.processElement2(new StreamRecord<>(new Beat(at, true)));
    }

    private static KeyedTwoInputStreamOperatorTestHarness<String, Document, Captured, FeedRecord> feed()
            throws Exception {
        ManualFeed function = new ManualFeed(new PollMemory.Pace(10_000, 0, 5_000_000, 86_400_000), NEXT_MS);
        KeyedTwoInputStreamOperatorTestHarness<String, Document, Captured, FeedRecord> harness =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new CoBroadcastWithKeyedOperator<>(
                                function, List.of(ProviderFeed.LINKS, ProviderFeed.COMPLETE)),
                        Document::match,
                        null,
                        Types.STRING);
        harness.setup(FlinkTypes.FEED_RECORD.createSerializer(
                harness.getExecutionConfig().getSerializerConfig()));
        harness.open();
        harness.setProcessingTime(NOW);
        return harness;
    }
}
