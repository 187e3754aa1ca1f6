package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.book.MapStore;
import touchline.book.MarketMachine;
import touchline.book.MarketRules;
import touchline.book.Quotation;
import touchline.book.Scenario;
import touchline.feed.FeedJson;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/** The operator says in every golden scenario what the machine alone says, however often it is restored. */
@SuppressWarnings("try") // the harness may throw InterruptedException on close
class ScenarioOperatorTest {

    static Stream<Arguments> scenarios() {
        return Scenario.all().stream().map(scenario -> arguments(scenario.name(), scenario));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void saysTheSameWithASnapshotAndARestoreAfterEveryLine(String name, Scenario scenario) throws Exception {
        Map<String, @Nullable OperatorSubtaskState> snapshots = new HashMap<>();
        Map<String, Position> positions = new HashMap<>();
        List<String> said = new ArrayList<>();
        for (Scenario.Line line : scenario.lines()) {
            String match = line.match().isEmpty() ? "t:broken" : line.match();
            try (var harness = harness(scenario.rules(), snapshots.get(match))) {
                play(harness, match, line);
                List<MarketUpdate> updates = news(harness.extractOutputValues(), positions);
                said.add(Scenario.render(line.t(), updates, refused(harness)));
                snapshots.put(match, harness.snapshot(1, 1));
            }
        }
        assertThat(said).as(scenario.sentence()).isEqualTo(scenario.expected());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void saysTheSameWithItsBooksAtHand(String name, Scenario scenario) throws Exception {
        Map<String, KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate>> harnesses = new HashMap<>();
        List<String> said = new ArrayList<>();
        for (Scenario.Line line : scenario.lines()) {
            String match = line.match().isEmpty() ? "t:broken" : line.match();
            if (!harnesses.containsKey(match)) {
                harnesses.put(match, harness(scenario.rules(), null));
            }
            var harness = harnesses.get(match);
            int updates = harness.extractOutputValues().size();
            int refused = refused(harness).size();
            play(harness, match, line);
            List<MarketUpdate> all = harness.extractOutputValues();
            List<Refused> allRefused = refused(harness);
            said.add(Scenario.render(
                    line.t(), all.subList(updates, all.size()), allRefused.subList(refused, allRefused.size())));
        }
        for (var harness : harnesses.values()) {
            harness.close();
        }
        assertThat(said).as(scenario.sentence()).isEqualTo(scenario.expected());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void tellsOfTheSameQuotesWithARestoreAfterEveryLine(String name, Scenario scenario) throws Exception {
        Map<String, @Nullable OperatorSubtaskState> snapshots = new HashMap<>();
        MarketMachine machine = new MarketMachine(scenario.rules());
        Map<String, MapStore> stores = new HashMap<>();
        List<Quotation> expected = new ArrayList<>();
        List<Quotation> told = new ArrayList<>();
        for (Scenario.Line line : scenario.lines()) {
            String match = line.match().isEmpty() ? "t:broken" : line.match();
            MapStore store = stores.computeIfAbsent(match, key -> new MapStore());
            expected.addAll(Scenario.play(machine, store, line).quotations());
            try (var harness = harness(scenario.rules(), snapshots.get(match))) {
                play(harness, match, line);
                told.addAll(StandingQuotes.told(harness));
                snapshots.put(match, harness.snapshot(1, 1));
            }
        }
        assertThat(told).as(scenario.sentence()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void everyBookSendsItsImageSoonAfterARestore(String name, Scenario scenario) throws Exception {
        Map<String, Position> positions = new HashMap<>();
        String match = scenario.lines().get(0).match();
        OperatorSubtaskState snapshot;
        try (var harness = harness(scenario.rules(), null)) {
            for (Scenario.Line line : scenario.lines()) {
                if (line.match().equals(match)) {
                    play(harness, match, line);
                }
            }
            news(harness.extractOutputValues(), positions);
            snapshot = harness.snapshot(1, 1);
        }
        try (var harness = harness(scenario.rules(), snapshot)) {
            harness.setProcessingTime(1);
            List<MarketUpdate> images = harness.extractOutputValues();
            assertThat(images).hasSize(isRemembered(scenario, match) ? positions.size() : 0);
            for (MarketUpdate image : images) {
                assertThat(image.kind()).isNotEqualTo(MarketUpdate.Kind.PATCH);
                assertThat(image.position()).isEqualTo(positions.get(image.match()));
            }
        }
    }

    /** Is anything left of the match at the end, by the machine alone? */
    private static boolean isRemembered(Scenario scenario, String match) {
        MarketMachine machine = new MarketMachine(scenario.rules());
        MapStore store = new MapStore();
        for (Scenario.Line line : scenario.lines()) {
            if (!line.match().equals(match)) {
                continue;
            }
            machine.wake(store, match, line.t());
            if (line instanceof Scenario.Hear hear) {
                try {
                    machine.apply(store, FeedJson.read(hear.bytes()), line.t());
                } catch (RefusedException e) {
                    assertThat(e.detail()).isNotEmpty();
                }
            }
        }
        return !machine.image(store, match).updates().isEmpty();
    }

    private static void play(
            KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness,
            String match,
            Scenario.Line line)
            throws Exception {
        if (line instanceof Scenario.Hear hear) {
            harness.processElement(new StreamRecord<>(new Told(match, line.t(), hear.bytes())));
        } else {
            // Log time waits for the images of what was restored.
            harness.setProcessingTime(harness.getProcessingTime() + 1);
            harness.processWatermark(line.t());
        }
    }

    /** Without the images that were only said again after a restore. */
    private static List<MarketUpdate> news(List<MarketUpdate> updates, Map<String, Position> positions) {
        List<MarketUpdate> news = new ArrayList<>();
        for (MarketUpdate update : updates) {
            Position before = positions.put(update.match(), update.position());
            if (before == null || update.position().compareTo(before) > 0) {
                news.add(update);
            } else {
                assertThat(update.kind()).isNotEqualTo(MarketUpdate.Kind.PATCH);
                assertThat(update.position()).isEqualTo(before);
            }
        }
        return news;
    }

    private static List<Refused> refused(KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness) {
        Queue<StreamRecord<Refused>> side = harness.getSideOutput(MarketJob.REFUSED);
        return side == null
                ? List.of()
                : side.stream().map(StreamRecord::getValue).toList();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness(
            MarketRules rules, @Nullable OperatorSubtaskState from) throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, Told, MarketUpdate> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new MarketOperator(rules, 1 << 20, 0, StandingQuotes.of(), MarketJob.REFUSED),
                        Told::match,
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
