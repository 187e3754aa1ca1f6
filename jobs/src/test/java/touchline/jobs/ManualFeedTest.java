package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import touchline.feed.FeedRecord;
import touchline.feed.Kind;
import touchline.feed.ManualDocument;
import touchline.feed.Phase;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.Score;
import touchline.feed.Seq;
import touchline.postgres.Captured;
import touchline.postgres.Captured.Beat;
import touchline.postgres.Captured.Document;

@SuppressWarnings("try") // the harness may throw InterruptedException on close
class ManualFeedTest {

    private static final long NOW = 1_000_000;
    private static final long NEXT_MS = 12_000;
    private static final long WHOLE_EVERY_MS = 5_000_000;
    private static final long FORGET_MS = 86_400_000;
    private static final String OWN = "manual:1";
    private static final String PROVIDERS = "oddsapi:1";

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

    @Test
    void aDocumentThatCannotBeUsedSuspendsTheWholeMatchAndIsNotVouchedFor() throws Exception {
        try (var feed = feed()) {
            tell(feed, 1, Phase.LIVE, new Score(1, 0, false, NOW), false);
            unusable(feed, OWN, new Seq(1, 2));
            FeedRecord stop = last(feed);
            assertThat(stop.seq()).isEqualTo(new Seq(1, 2));
            ManualDocument body = (ManualDocument) stop.body();
            assertThat(body.suspend()).containsExactly("*");
            assertThat(body.score()).isEqualTo(new Score(1, 0, false, NOW));
            assertThat(beatAt(feed, NOW)).isEmpty();

            tell(feed, 3, Phase.LIVE, new Score(2, 0, false, NOW), false);
            assertThat(((ManualDocument) last(feed).body()).suspend()).isEmpty();
            assertThat(beatAt(feed, NOW + 10_000)).extracting(FeedRecord::kind).containsExactly(Kind.SEEN);
        }
    }

    @Test
    void whatCannotBeUsedAndIsOlderThanWhatIsHeldChangesNothing() throws Exception {
        try (var feed = feed()) {
            tell(feed, 2, Phase.LIVE, null, false);
            unusable(feed, OWN, new Seq(1, 2));
            unusable(feed, OWN, new Seq(1, 1));
            assertThat(feed.extractOutputValues()).hasSize(1);
            assertThat(beatAt(feed, NOW)).hasSize(1);
        }
    }

    @Test
    void ofARowWhoseRevisionCannotBeReadOnlyTheVouchingEnds() throws Exception {
        try (var feed = feed()) {
            tell(feed, 1, Phase.LIVE, null, false);
            unusable(feed, OWN, null);
            assertThat(feed.extractOutputValues()).hasSize(1);
            assertThat(beatAt(feed, NOW)).isEmpty();
            tell(feed, 2, Phase.LIVE, null, false);
            assertThat(beatAt(feed, NOW + 10_000)).hasSize(1);
        }
    }

    @Test
    void theFirstWordOnAProvidersMatchThatCannotBeUsedSuspendsIt() throws Exception {
        try (var feed = feed()) {
            unusable(feed, PROVIDERS, new Seq(1, 1));
            assertThat(last(feed).match()).isEqualTo(PROVIDERS);
            assertThat(((ManualDocument) last(feed).body()).suspend()).containsExactly("*");
            unusable(feed, OWN, new Seq(1, 1));
            assertThat(feed.extractOutputValues()).hasSize(1);
        }
    }

    @Test
    void whatTheCheckBehindRefusesIsDoubtedToo() throws Exception {
        try (var feed = feed()) {
            tell(feed, 1, Phase.LIVE, null, false);
            List<String> markets = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                markets.add("a_market_that_is_much_too_long_" + i);
            }
            tell(feed, OWN, 2, suspended(markets.toArray(new String[0])));
            List<FeedRecord> said = feed.extractOutputValues();
            assertThat(said).hasSize(3);
            assertThat(((ManualDocument) said.get(1).body()).suspend()).hasSize(1_000);
            assertThat(((ManualDocument) said.get(2).body()).suspend()).containsExactly("*");
            assertThat(((ManualDocument) said.get(2).body()).phase()).isEqualTo(Phase.LIVE);
            assertThat(beatAt(feed, NOW)).isEmpty();
        }
    }

    @Test
    void doubtOutlivesARestore() throws Exception {
        OperatorSubtaskState snapshot;
        try (var feed = feed()) {
            tell(feed, 1, Phase.LIVE, null, false);
            unusable(feed, OWN, new Seq(1, 2));
            snapshot = feed.snapshot(1, 1);
        }
        try (var feed = feed(snapshot)) {
            assertThat(beatAt(feed, NOW)).isEmpty();
            List<FeedRecord> later = beatAt(feed, NOW + WHOLE_EVERY_MS);
            assertThat(later).extracting(FeedRecord::kind).containsExactly(Kind.MANUAL);
            assertThat(((ManualDocument) later.get(0).body()).suspend()).containsExactly("*");
        }
    }

    @Test
    void aForgottenSuspensionOfAMatchThatItsProviderCompletedIsNotVouchedForButStillSaid() throws Exception {
        try (var feed = feed()) {
            tell(feed, PROVIDERS, 1, suspended("h2h"));
            listed(feed, PROVIDERS, false);
            assertThat(beatAt(feed, NOW)).extracting(FeedRecord::kind).containsExactly(Kind.SEEN);
            listed(feed, PROVIDERS, true);
            listed(feed, PROVIDERS, false);
            assertThat(beatAt(feed, NOW + 10_000)).isEmpty();
            assertThat(beatAt(feed, NOW + WHOLE_EVERY_MS))
                    .extracting(FeedRecord::kind)
                    .containsExactly(Kind.MANUAL);
        }
    }

    @Test
    void soIsOneOfAMatchThatItsProviderHasNotHadForLong() throws Exception {
        try (var feed = feed()) {
            tell(feed, PROVIDERS, 1, suspended("h2h"));
            tell(feed, "other:1", 1, suspended("h2h"));
            long later = NOW + FORGET_MS + 1;
            assertThat(beatAt(feed, later))
                    .filteredOn(record -> record.kind() == Kind.SEEN)
                    .extracting(FeedRecord::match)
                    .containsExactly("other:1");
            listed(feed, PROVIDERS, false);
            assertThat(beatAt(feed, later + 10_000))
                    .extracting(FeedRecord::match)
                    .containsExactlyInAnyOrder("other:1", PROVIDERS);
        }
    }

    @Test
    void anOperatorsOwnMatchIsVouchedForUntilHeOrTheProviderThatHeLeavesItToEndsIt() throws Exception {
        try (var feed = feed()) {
            tell(feed, 1, null, null, false);
            assertThat(beatAt(feed, NOW + 2 * FORGET_MS))
                    .extracting(FeedRecord::kind)
                    .contains(Kind.SEEN);
            listed(feed, OWN, true);
            assertThat(beatAt(feed, NOW + 2 * FORGET_MS + 10_000)).isEmpty();
            tell(feed, 2, Phase.LIVE, null, false);
            assertThat(beatAt(feed, NOW + 2 * FORGET_MS + 20_000))
                    .extracting(FeedRecord::kind)
                    .containsExactly(Kind.SEEN);
        }
    }

    @Test
    void aDocumentIsSaidAgainFromTimeToTimeAsTheSameRevision() throws Exception {
        try (var feed = feed()) {
            tell(feed, 1, Phase.LIVE, null, false);
            assertThat(beatAt(feed, NOW + WHOLE_EVERY_MS - 1))
                    .extracting(FeedRecord::kind)
                    .containsExactly(Kind.SEEN);
            List<FeedRecord> again = beatAt(feed, NOW + WHOLE_EVERY_MS + 10_000);
            assertThat(again).extracting(FeedRecord::kind).containsExactly(Kind.MANUAL, Kind.SEEN);
            assertThat(again.get(0).seq()).isEqualTo(new Seq(1, 1));
            assertThat(again.get(0).nextMs()).isEqualTo(NEXT_MS);
            assertThat(beatAt(feed, NOW + WHOLE_EVERY_MS + 20_000))
                    .extracting(FeedRecord::kind)
                    .containsExactly(Kind.SEEN);
        }
    }

    private static void tell(
            KeyedTwoInputStreamOperatorTestHarness<String, Notice, Captured, FeedRecord> feed,
            long rev,
            @Nullable Phase phase,
            @Nullable Score score,
            boolean deleted)
            throws Exception {
        tell(
                feed,
                OWN,
                rev,
                new ManualDocument(null, phase, null, score, null, List.of(), List.of(), List.of(), deleted));
    }

    private static void tell(
            KeyedTwoInputStreamOperatorTestHarness<String, Notice, Captured, FeedRecord> feed,
            String match,
            long rev,
            ManualDocument body)
            throws Exception {
        feed.processElement1(new StreamRecord<>(new Notice.Row(match, new Document(match, 1, rev, NOW, body, true))));
    }

    private static void unusable(
            KeyedTwoInputStreamOperatorTestHarness<String, Notice, Captured, FeedRecord> feed,
            String match,
            @Nullable Seq seq)
            throws Exception {
        Refused refused = new Refused(Refusal.NOT_JSON, match, Captured.DOCUMENTS, "why", "{");
        feed.processElement1(new StreamRecord<>(new Notice.Row(match, new Captured.Unusable(refused, seq, true))));
    }

    private static void listed(
            KeyedTwoInputStreamOperatorTestHarness<String, Notice, Captured, FeedRecord> feed,
            String match,
            boolean completed)
            throws Exception {
        feed.processElement1(new StreamRecord<>(new Notice.Listed(match, completed)));
    }

    /** A beat of its own at that time, and what came of it. */
    private static List<FeedRecord> beatAt(
            KeyedTwoInputStreamOperatorTestHarness<String, Notice, Captured, FeedRecord> feed, long at)
            throws Exception {
        int before = feed.extractOutputValues().size();
        feed.setProcessingTime(at);
        beat(feed, at);
        List<FeedRecord> said = feed.extractOutputValues();
        return said.subList(before, said.size());
    }

    private static ManualDocument suspended(String... markets) {
        return new ManualDocument(null, null, null, null, null, List.of(), List.of(), List.of(markets), false);
    }

    private static FeedRecord last(KeyedTwoInputStreamOperatorTestHarness<String, Notice, Captured, FeedRecord> feed) {
        List<FeedRecord> said = feed.extractOutputValues();
        return said.get(said.size() - 1);
    }

    private static void beat(KeyedTwoInputStreamOperatorTestHarness<String, Notice, Captured, FeedRecord> feed, long at)
            throws Exception {
        feed.processElement2(new StreamRecord<>(new Beat(at, true)));
    }

    private static KeyedTwoInputStreamOperatorTestHarness<String, Notice, Captured, FeedRecord> feed()
            throws Exception {
        return feed(null);
    }

    private static KeyedTwoInputStreamOperatorTestHarness<String, Notice, Captured, FeedRecord> feed(
            @Nullable OperatorSubtaskState from) throws Exception {
        ManualFeed function = new ManualFeed(
                new PollMemory.Pace(10_000, 0, WHOLE_EVERY_MS, FORGET_MS), NEXT_MS, 20_000, List.of("oddsapi"));
        KeyedTwoInputStreamOperatorTestHarness<String, Notice, Captured, FeedRecord> harness =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new CoBroadcastWithKeyedOperator<>(
                                function, List.of(ProviderFeed.LINKS, ProviderFeed.COMPLETE)),
                        Notice::match,
                        null,
                        Types.STRING);
        harness.setup(FlinkTypes.FEED_RECORD.createSerializer(
                harness.getExecutionConfig().getSerializerConfig()));
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
        harness.setProcessingTime(NOW);
        return harness;
    }
}
