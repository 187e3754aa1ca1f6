package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import touchline.book.MarketRules;
import touchline.book.Quotation;
import touchline.config.Settings;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Fixture;
import touchline.feed.Quote;
import touchline.feed.Seq;
import touchline.feed.Stamp;
import touchline.feed.View;
import touchline.update.MarketUpdate;

/** What the operator tells of quotes, and that nothing stands in their topic that no book holds. */
@SuppressWarnings("try") // the harness may throw InterruptedException on close
class OperatorQuotesTest {

    private static final long START = 1_782_000_000_000L;

    @Test
    void aFreshStartTakesBackAllThatStandsBeforeItsFirstWord() throws Exception {
        try (var harness = harness(1, StandingQuotes.of("t:1", "t:2"), null)) {
            tell(harness, START, full());
            assertThat(StandingQuotes.told(harness))
                    .startsWith(StandingQuotes.withdrawn("t:1"), StandingQuotes.withdrawn("t:2"))
                    .hasSize(4)
                    .last()
                    .extracting(Quotation::match, Quotation::bookmaker, Quotation::at)
                    .containsExactly("t:1", "two", START);
        }
    }

    @Test
    void aRestoreTakesNothingBackAndTellsNothingAgain() throws Exception {
        try (var harness = harness(1, StandingQuotes.of("t:1", "t:2"), book(1))) {
            harness.setProcessingTime(1);
            assertThat(harness.extractOutputValues()).hasSize(1);
            assertThat(StandingQuotes.told(harness)).isEmpty();
        }
    }

    @Test
    void aRaisedGenerationTakesAllBackAndTellsAllThatItsBooksHold() throws Exception {
        try (var harness = harness(2, StandingQuotes.of("t:1", "t:2"), book(1))) {
            assertThat(StandingQuotes.told(harness))
                    .containsExactly(StandingQuotes.withdrawn("t:1"), StandingQuotes.withdrawn("t:2"));
            harness.setProcessingTime(1);
            assertThat(StandingQuotes.told(harness))
                    .hasSize(4)
                    .extracting(Quotation::bookmaker)
                    .endsWith("one", "two");
        }
    }

    @Test
    void eachInstanceTakesBackTheQuotesOfItsOwnMatches() throws Exception {
        String[] matches = new String[50];
        for (int i = 0; i < matches.length; i++) {
            matches[i] = "t:" + i;
        }
        List<String> taken = new ArrayList<>();
        for (int instance = 0; instance < 2; instance++) {
            var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                    new MarketOperator(rules(1), 1 << 20, 0, StandingQuotes.of(matches), MarketJob.REFUSED),
                    told -> told.match,
                    Types.STRING,
                    128,
                    2,
                    instance);
            try (harness) {
                harness.open();
                List<Quotation> own = StandingQuotes.told(harness);
                assertThat(own).hasSizeBetween(1, matches.length - 1);
                own.forEach(quotation -> taken.add(quotation.match()));
            }
        }
        assertThat(taken).containsExactlyInAnyOrder(matches);
    }

    @Test
    void stampsAloneAreToldAtTheirPace() throws Exception {
        QuoteTopic topic =
                new QuoteTopic(MarketJob.QUOTES, 30_000, StandingQuotes.of().former());
        try (var harness = harness(1, topic, null)) {
            tell(harness, START, full());
            for (int second = 1; second <= 60; second++) {
                long at = START + second * 1_000L;
                tell(harness, at, View.seen(List.of(new Stamp("one", "h2h", at))));
            }
            assertThat(StandingQuotes.told(harness))
                    .filteredOn(quotation -> quotation.bookmaker().equals("one"))
                    .extracting(quotation -> quotation.at() - START)
                    .containsExactly(0L, 30_000L, 60_000L);
        }
    }

    private static OperatorSubtaskState book(int generation) throws Exception {
        try (var harness = harness(generation, StandingQuotes.of(), null)) {
            tell(harness, START, full());
            return harness.snapshot(1, 1);
        }
    }

    private static View full() {
        Fixture fixture = new Fixture("soccer_epl", "EPL", "A", "B", START - 60_000);
        return new View(true, false, fixture, List.of(h2h("one"), h2h("two")), List.of(), List.of(), null, List.of());
    }

    private static Quote h2h(String bookmaker) {
        return new Quote(bookmaker, "h2h", START, null, Map.of("home", 2_000, "draw", 3_400, "away", 3_800));
    }

    private static void tell(
            KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness, long t, View view)
            throws Exception {
        FeedRecord record = new FeedRecord("t:1", "oddsapi/odds", new Seq(1, t), t, t, 0, view.kind(), view);
        harness.processElement(new StreamRecord<>(new Told("t:1", t, FeedJson.write(record))));
    }

    private static MarketRules rules(int generation) {
        return new Settings(new HashMap<>(Map.of("market.generation", String.valueOf(generation))))
                .as(MarketRules.class, "market");
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness(
            int generation, QuoteTopic quotes, @Nullable OperatorSubtaskState from) throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new MarketOperator(rules(generation), 1 << 20, 0, quotes, MarketJob.REFUSED),
                told -> told.match,
                Types.STRING);
        harness.setup(
                FlinkTypes.UPDATE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
        return harness;
    }
}
