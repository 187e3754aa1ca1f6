package touchline.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import touchline.book.MarketRules;
import touchline.config.Settings;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Fixture;
import touchline.feed.Quote;
import touchline.feed.Seq;
import touchline.feed.View;
import touchline.update.MarketUpdate;

@SuppressWarnings("try") // the harness may throw InterruptedException on close
class MarketOperatorTest {

    private static final long START = 1_782_000_000_000L;
    private static final long AGAIN_MS = 1_000_000;

    @Test
    void aBookWhoseImageFailsIsSuspendedAndTheOthersGoOn() throws Exception {
        OperatorSubtaskState broken = breakTotals("t:1", twoBooks(1));
        try (var harness = harness(2, broken)) {
            harness.setProcessingTime(1);
            List<MarketUpdate> images = harness.extractOutputValues();
            assertThat(images).extracting(MarketUpdate::match).containsExactlyInAnyOrder("t:1", "t:2");
            for (MarketUpdate image : images) {
                assertThat(image.position().generation()).isEqualTo(2);
                assertThat("fault".equals(image.set().get("h2h/@reasons")))
                        .as(image.match())
                        .isEqualTo(image.match().equals("t:1"));
            }
            tell(harness, "t:1", 2, START + 1_000);
            assertThat(harness.extractOutputValues())
                    .filteredOn(update -> update.set().containsKey("h2h/@reasons"))
                    .filteredOn(update -> update.match().equals("t:1"))
                    .hasSize(1);
        }
    }

    @Test
    void aRaisedGenerationMayWakeABookEarlierThanItWantedBefore() throws Exception {
        OperatorSubtaskState patient = twoBooks(1);
        try (var harness = harness(rules(Map.of("generation", "2", "freshLiveMs", "5000")), patient)) {
            harness.setProcessingTime(1);
            int before = harness.extractOutputValues().size();
            harness.processWatermark(START + 10_000);
            List<MarketUpdate> woken = harness.extractOutputValues();
            assertThat(woken.subList(before, woken.size()))
                    .extracting(MarketUpdate::match)
                    .contains("t:1", "t:2");
        }
    }

    @Test
    void booksOfAHigherGenerationAreNotTouched() throws Exception {
        OperatorSubtaskState higher = twoBooks(3);
        assertThatThrownBy(() -> harness(2, higher)).hasStackTraceContaining("raise market.generation");
    }

    @Test
    void logTimeStandsStillUntilEveryBookHasSentItsImage() throws Exception {
        try (var harness = harness(1, twoBooks(1))) {
            harness.processWatermark(START + 1);
            harness.processWatermark(START + 2);
            assertThat(harness.getOutput()).isEmpty();

            harness.setProcessingTime(1);
            assertThat(harness.extractOutputValues()).hasSize(2);
            assertThat(harness.getOutput()).hasSize(3).endsWith(new Watermark(START + 2));

            harness.processWatermark(START + 3);
            assertThat(harness.getOutput()).endsWith(new Watermark(START + 3));
        }
    }

    @Test
    void everyBookSaysAllThatItHoldsAgainOnceInARound() throws Exception {
        try (var harness = harness(1, null)) {
            for (int m = 0; m < 2_500; m++) {
                tell(harness, "t:" + m, 1, START);
            }
            List<MarketUpdate> said = List.copyOf(harness.extractOutputValues());
            for (long time = 1_000; time < AGAIN_MS; time += 1_000) {
                harness.setProcessingTime(time);
            }
            assertThat(harness.extractOutputValues()).hasSameSizeAs(said);

            harness.setProcessingTime(AGAIN_MS);
            assertThat(harness.extractOutputValues().size() - said.size()).isEqualTo(3);
            for (long time = AGAIN_MS + 1_000; time < 2 * AGAIN_MS; time += 1_000) {
                harness.setProcessingTime(time);
            }
            List<MarketUpdate> all = harness.extractOutputValues();
            List<MarketUpdate> again = all.subList(said.size(), all.size());
            assertThat(again).extracting(MarketUpdate::kind).containsOnly(MarketUpdate.Kind.IMAGE);
            assertThat(again)
                    .extracting(update -> update.match() + " " + update.position() + " " + update.sums())
                    .containsExactlyInAnyOrderElementsOf(said.stream()
                            .map(update -> update.match() + " " + update.position() + " " + update.sums())
                            .toList());
        }
    }

    @Test
    void aDrainedSourceIsNoLogTime() throws Exception {
        try (var harness = harness(1, null)) {
            tell(harness, "t:1", 1, START);
            int said = harness.extractOutputValues().size();
            // What `flink stop --drain` sends last.
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(harness.extractOutputValues()).hasSize(said);
            assertThat(harness.getOutput()).endsWith(Watermark.MAX_WATERMARK);
        }
    }

    @Test
    void saysTheSameHoweverManyBooksAreAtHand() throws Exception {
        Talk talk = new Talk(1);
        long begun = System.currentTimeMillis() / 1_000 * 1_000;
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            String match = Talk.match(i * 7 % 20);
            FeedRecord record = i < 20 ? talk.fixture(match) : talk.next(match);
            told.add(new Told(match, begun + i * 50L, FeedJson.write(record)));
        }
        List<MarketUpdate> fromState = said(told, 0);
        assertThat(fromState).hasSizeGreaterThan(500);
        // Some of them, most of them, all of them; the images of all books after a restore are at the end.
        for (long cacheBytes : List.of(3_000L, 20_000L, 1L << 20)) {
            assertThat(said(told, cacheBytes)).as("cache of " + cacheBytes).isEqualTo(fromState);
        }
    }

    private static List<MarketUpdate> said(List<Told> told, long cacheBytes) throws Exception {
        List<MarketUpdate> said = new ArrayList<>();
        OperatorSubtaskState snapshot;
        try (var harness = harness(rules(Map.of()), cacheBytes, null)) {
            for (Told record : told) {
                harness.processElement(new StreamRecord<>(record));
                if (record.logTime % 1_000 == 0) {
                    harness.processWatermark(record.logTime - 1);
                }
            }
            harness.processWatermark(told.get(told.size() - 1).logTime + 3_600_000);
            said.addAll(harness.extractOutputValues());
            snapshot = harness.snapshot(1, 1);
        }
        try (var harness = harness(rules(Map.of()), cacheBytes, snapshot)) {
            harness.setProcessingTime(1);
            said.addAll(harness.extractOutputValues());
        }
        return said;
    }

    private static OperatorSubtaskState twoBooks(int generation) throws Exception {
        try (var harness = harness(generation, null)) {
            tell(harness, "t:1", 1, START);
            tell(harness, "t:2", 1, START);
            assertThat(harness.extractOutputValues()).hasSize(2);
            return harness.snapshot(1, 1);
        }
    }

    /** A state that no rule expects: a market whose published line is no number. */
    private static OperatorSubtaskState breakTotals(String match, OperatorSubtaskState from) throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(new Breaking(), told -> told.match, Types.STRING);
        try (harness) {
            harness.setup(FlinkTypes.UPDATE.createSerializer(
                    harness.getExecutionConfig().getSerializerConfig()));
            harness.initializeState(from);
            harness.open();
            harness.processElement(new StreamRecord<>(new Told(match, 0, new byte[0])));
            return harness.snapshot(2, 2);
        }
    }

    private static final class Breaking extends AbstractStreamOperator<MarketUpdate>
            implements OneInputStreamOperator<Told, MarketUpdate> {
        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(StreamRecord<Told> told) throws Exception {
            ValueState<byte[]> pages = getPartitionedState(
                    new ValueStateDescriptor<>("heads", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
            String bytes = new String(pages.value(), ISO_8859_1);
            assertThat(bytes).containsOnlyOnce("2.5");
            pages.update(bytes.replace("2.5", "x.x").getBytes(ISO_8859_1));
        }
    }

    private static void tell(
            KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness, String match, long n, long t)
            throws Exception {
        Fixture fixture = new Fixture("soccer_epl", "EPL", "A", "B", START - 60_000);
        View view = new View(
                true,
                false,
                fixture,
                List.of(h2h("one", t), h2h("two", t), totals("one", t), totals("two", t)),
                List.of(),
                List.of(),
                null,
                List.of());
        FeedRecord record = new FeedRecord(match, "oddsapi/odds", new Seq(1, n), t, t, 0, view.kind(), view);
        harness.processElement(new StreamRecord<>(new Told(match, t, FeedJson.write(record))));
    }

    private static Quote h2h(String bookmaker, long at) {
        return new Quote(bookmaker, "h2h", at, null, Map.of("home", 2_000, "draw", 3_400, "away", 3_800));
    }

    private static Quote totals(String bookmaker, long at) {
        return new Quote(bookmaker, "totals", at, 2_500, Map.of("over", 1_900, "under", 1_900));
    }

    private static MarketRules rules(Map<String, String> settings) {
        Map<String, String> keys = new TreeMap<>();
        settings.forEach((key, value) -> keys.put("market." + key, value));
        return new Settings(keys).as(MarketRules.class, "market");
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness(
            int generation, @Nullable OperatorSubtaskState from) throws Exception {
        return harness(rules(Map.of("generation", String.valueOf(generation))), from);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness(
            MarketRules rules, @Nullable OperatorSubtaskState from) throws Exception {
        return harness(rules, 1 << 20, from);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness(
            MarketRules rules, long cacheBytes, @Nullable OperatorSubtaskState from) throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new MarketOperator(rules, cacheBytes, AGAIN_MS, StandingQuotes.of(), MarketJob.REFUSED),
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
