package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import touchline.feed.FeedRecord;
import touchline.feed.Fixture;
import touchline.feed.Kind;
import touchline.feed.Link;
import touchline.feed.Polled;
import touchline.feed.Quote;
import touchline.feed.Seq;
import touchline.feed.View;
import touchline.postgres.Captured;
import touchline.postgres.Captured.Beat;
import touchline.postgres.Captured.LinkRow;

@SuppressWarnings("try") // the harness may throw InterruptedException on close
class ProviderFeedTest {

    private static final String PROVIDERS = "oddsapi:1";

    @Test
    void nothingIsSaidBeforeTheLinksAreKnownWhole() throws Exception {
        try (var feed = feed(null)) {
            hear(feed, 1, 2000);
            row(feed, PROVIDERS, "manual:1", null, 1, false);
            broadcast(feed, new Beat(5, false));
            hear(feed, 2, 2100);
            assertThat(feed.extractOutputValues()).isEmpty();

            broadcast(feed, new Beat(6, true));
            List<FeedRecord> said = feed.extractOutputValues();
            assertThat(said).extracting(FeedRecord::match).containsExactly(PROVIDERS, "manual:1", "manual:1");
            assertThat(said).extracting(FeedRecord::kind).containsExactly(Kind.LINK, Kind.LINK, Kind.FIXTURE);
            assertThat(quote(said.get(2)).prices()).containsEntry("home", 2100);
        }
    }

    @Test
    void aLinkIsSaidToBothAndTheWholeViewFollowsAtOnce() throws Exception {
        try (var feed = feed(null)) {
            broadcast(feed, new Beat(1, true));
            hear(feed, 1, 2000);
            row(feed, PROVIDERS, "manual:1", null, 1, true);
            List<FeedRecord> said = feed.extractOutputValues();
            assertThat(said)
                    .extracting(FeedRecord::match)
                    .containsExactly(PROVIDERS, PROVIDERS, "manual:1", "manual:1");
            assertThat(said.get(1).body()).isEqualTo(new Link(Link.Direction.TO, "manual:1", true));
            assertThat(said.get(2).body()).isEqualTo(new Link(Link.Direction.FROM, PROVIDERS, true));
            assertThat(((View) said.get(3).body()).full()).isTrue();
        }
    }

    @Test
    void anotherTargetReleasesTheOneBefore() throws Exception {
        try (var feed = feed(null)) {
            broadcast(feed, new Beat(1, true));
            hear(feed, 1, 2000);
            row(feed, PROVIDERS, "manual:1", null, 1, true);
            int before = feed.extractOutputValues().size();
            row(feed, PROVIDERS, "manual:2", "manual:1", 2, true);
            List<FeedRecord> said = feed.extractOutputValues().subList(before, before + 4);
            assertThat(said)
                    .extracting(FeedRecord::match)
                    .containsExactly("manual:1", PROVIDERS, "manual:2", "manual:2");
            assertThat(said.get(0).body()).isEqualTo(new Link(Link.Direction.FROM, PROVIDERS, false));
        }
    }

    @Test
    void anUnlinkedMatchSpeaksForItselfAgainAndItsPlacesRise() throws Exception {
        try (var feed = feed(null)) {
            broadcast(feed, new Beat(1, true));
            hear(feed, 1, 2000);
            FeedRecord first = feed.extractOutputValues().get(0);
            row(feed, PROVIDERS, "manual:1", null, 1, true);
            row(feed, PROVIDERS, null, "manual:1", 2, true);
            List<FeedRecord> said = feed.extractOutputValues();
            FeedRecord last = said.get(said.size() - 1);
            assertThat(last.match()).isEqualTo(PROVIDERS);
            assertThat(((View) last.body()).full()).isTrue();
            assertThat(last.seq()).isGreaterThan(first.seq());
        }
    }

    @Test
    void aRowThatComesAgainSaysNothing() throws Exception {
        try (var feed = feed(null)) {
            broadcast(feed, new Beat(1, true));
            row(feed, PROVIDERS, "manual:1", null, 1, true);
            int before = feed.extractOutputValues().size();
            row(feed, PROVIDERS, "manual:1", null, 1, true);
            assertThat(feed.extractOutputValues()).hasSize(before);
        }
    }

    @Test
    void aRowThatComesAgainAfterACrashIsSaidAsARepeatAndItsMatchWhole() throws Exception {
        OperatorSubtaskState snapshot;
        FeedRecord unlinked;
        try (var feed = feed(null)) {
            feed.setProcessingTime(10_000);
            broadcast(feed, new Beat(1, true));
            row(feed, PROVIDERS, "manual:1", null, 1, true);
            snapshot = feed.snapshot(1, 1);
            row(feed, PROVIDERS, null, "manual:1", 2, true);
            unlinked = feed.extractOutputValues().get(2);
        }
        try (var feed = feed(snapshot)) {
            feed.setProcessingTime(20_000);
            hear(feed, 1, 2000);
            FeedRecord meanwhile = feed.extractOutputValues().get(0);
            assertThat(meanwhile.match()).isEqualTo("manual:1");
            assertThat(meanwhile.from()).isEqualTo(PROVIDERS);
            row(feed, PROVIDERS, null, "manual:1", 2, true);
            FeedRecord again = feed.extractOutputValues().get(1);
            assertThat(again.match()).isEqualTo(unlinked.match()).isEqualTo("manual:1");
            assertThat(again.body()).isEqualTo(unlinked.body());
            assertThat(again.seq()).isEqualTo(unlinked.seq());
            FeedRecord image = feed.extractOutputValues().get(3);
            assertThat(image.match()).isEqualTo(PROVIDERS);
            assertThat(image.from()).isNull();
            assertThat(((View) image.body()).full()).isTrue();
        }
    }

    @Test
    void noClockOrdersLinks() throws Exception {
        try (var feed = feed(null)) {
            feed.setProcessingTime(90_000_000);
            broadcast(feed, new Beat(1, true));
            row(feed, PROVIDERS, "manual:1", null, 1, true);
            row(feed, PROVIDERS, "manual:2", "manual:1", 2, true);
            assertThat(feed.extractOutputValues())
                    .extracting(FeedRecord::seq)
                    .containsExactly(new Seq(1, 1), new Seq(1, 1), new Seq(1, 2), new Seq(1, 2), new Seq(1, 2));
        }
    }

    @Test
    void linksAndViewsOutliveARestore() throws Exception {
        OperatorSubtaskState snapshot;
        try (var feed = feed(null)) {
            broadcast(feed, new Beat(1, true));
            row(feed, PROVIDERS, "manual:1", null, 1, true);
            hear(feed, 1, 2000);
            snapshot = feed.snapshot(1, 1);
        }
        try (var feed = feed(snapshot)) {
            hear(feed, 2, 2000);
            assertThat(feed.extractOutputValues()).isEmpty();
            hear(feed, 3, 2300);
            FeedRecord news = feed.extractOutputValues().get(0);
            assertThat(news.match()).isEqualTo("manual:1");
            assertThat(news.kind()).isEqualTo(Kind.QUOTES);
        }
    }

    @Test
    void theWholeViewIsSaidAgainBeforeTheLogForgetsIt() throws Exception {
        try (var feed = feed(null)) {
            broadcast(feed, new Beat(1, true));
            hear(feed, 1, 2000);
            hear(feed, 1_000_000, 2000);
            List<FeedRecord> said = feed.extractOutputValues();
            assertThat(said).hasSize(2);
            assertThat(((View) said.get(1).body()).full()).isTrue();
        }
    }

    private static Quote quote(FeedRecord record) {
        return ((View) record.body()).quotes().get(0);
    }

    private static void hear(
            KeyedTwoInputStreamOperatorTestHarness<String, Polled, Captured, FeedRecord> feed, long at, int price)
            throws Exception {
        Fixture fixture = new Fixture("soccer_epl", "EPL", "A", "B", 1L);
        Quote quote = new Quote("one", "h2h", 1, null, Map.of("home", price, "draw", 3000, "away", 3000));
        View view = new View(true, false, fixture, List.of(quote), List.of(), List.of(), null, List.of());
        feed.processElement1(
                new StreamRecord<>(new Polled(PROVIDERS, "oddsapi/odds", new Seq(1, at), at, at, 1000, view)));
    }

    private static void row(
            KeyedTwoInputStreamOperatorTestHarness<String, Polled, Captured, FeedRecord> feed,
            String provider,
            @Nullable String match,
            @Nullable String was,
            long rev,
            boolean streamed)
            throws Exception {
        broadcast(feed, new LinkRow(provider, match, was, 1, rev, 100 + rev, streamed));
    }

    private static void broadcast(
            KeyedTwoInputStreamOperatorTestHarness<String, Polled, Captured, FeedRecord> feed, Captured captured)
            throws Exception {
        feed.processElement2(new StreamRecord<>(captured));
    }

    private static KeyedTwoInputStreamOperatorTestHarness<String, Polled, Captured, FeedRecord> feed(
            @Nullable OperatorSubtaskState from) throws Exception {
        ProviderFeed function = new ProviderFeed(new PollMemory.Pace(10_000, 0, 500_000, 86_400_000));
        KeyedTwoInputStreamOperatorTestHarness<String, Polled, Captured, FeedRecord> harness =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new CoBroadcastWithKeyedOperator<>(
                                function, List.of(ProviderFeed.LINKS, ProviderFeed.COMPLETE)),
                        Polled::match,
                        null,
                        Types.STRING);
        harness.setup(FlinkTypes.FEED_RECORD.createSerializer(
                harness.getExecutionConfig().getSerializerConfig()));
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
        return harness;
    }
}
