package touchline.oddsapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static touchline.oddsapi.FakeOddsApi.event;
import static touchline.oddsapi.FakeOddsApi.ok;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import touchline.feed.Polled;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.Seq;
import touchline.oddsapi.OddsApiSplit.Group;

class OddsApiReaderTest {

    private static final String BEFORE = "2026-06-20T20:00:00Z";
    private static final long NOW = 1_782_000_000_000L;

    private final FakeOddsApi api = new FakeOddsApi();
    private final OddsApiConfig config =
            Configs.of(Map.of("livePollMs", "5", "upcomingPollMs", "5", "scoresPollMs", "5"));
    private final Output output = new Output();
    private final List<OddsApiReader> readers = new ArrayList<>();

    @AfterEach
    void close() {
        readers.forEach(OddsApiReader::close);
    }

    @Test
    void emitsEveryPollAgainAndAgainWithARisingPlace() throws Exception {
        api.answers("odds/soccer_epl", ok(event("a", BEFORE, "2")));
        OddsApiReader reader = reader(new OddsApiSplit(Group.ODDS, "soccer_epl"));

        List<Polled> polls = heard(reader, 3);

        assertThat(polls).extracting(Polled::match).containsOnly("oddsapi:a");
        assertThat(polls).extracting(Polled::seq).isSorted().doesNotHaveDuplicates();
        assertThat(polls.get(0).seq()).isEqualTo(new Seq(NOW, NOW));
    }

    @Test
    void movesItsPlaceInACheckpointOnlyWhenAllOfAPollIsOut() throws Exception {
        api.answers("odds/soccer_epl", ok(event("b", BEFORE, "2"), event("c", BEFORE, "2")));
        OddsApiSplit split =
                new OddsApiSplit(Group.ODDS, "soccer_epl", 5, 9, new TreeSet<>(List.of("oddsapi:a", "oddsapi:b")));
        OddsApiReader reader = reader(split);
        reader.notifyCheckpointComplete(1);

        heard(reader, 2);
        OddsApiSplit half = reader.snapshotState(1).get(0);
        assertThat(half.known()).as("the missing one is not out").containsExactly("oddsapi:a", "oddsapi:b");
        assertThat(half.generation()).isEqualTo(NOW);

        assertThat(heard(reader, 1)).extracting(Polled::match).containsExactly("oddsapi:a");
        OddsApiSplit whole = reader.snapshotState(2).get(0);
        assertThat(whole.known()).containsExactly("oddsapi:b", "oddsapi:c");
        assertThat(whole.lastN()).isEqualTo(NOW);
    }

    @Test
    void startsARestoredSplitWithAHigherGenerationAlsoWhenTheClockSteppedBack() throws Exception {
        api.answers("odds/soccer_epl", ok(event("b", BEFORE, "2")));
        OddsApiSplit before = new OddsApiSplit(
                Group.ODDS, "soccer_epl", NOW + 1_000_000, NOW + 1_000_000, new TreeSet<>(List.of("oddsapi:a")));
        OddsApiSplit.Serializer serializer = new OddsApiSplit.Serializer();
        OddsApiSplit restored = serializer.deserialize(serializer.getVersion(), serializer.serialize(before));
        assertThat(restored).isEqualTo(before);

        OddsApiReader reader = reader(restored);
        reader.notifyCheckpointComplete(1);
        List<Polled> polls = heard(reader, 2);

        assertThat(polls).extracting(Polled::seq).containsOnly(new Seq(NOW + 1_000_001, NOW));
        assertThat(polls).extracting(polled -> polled.view().missing()).containsExactly(false, true);
    }

    @Test
    void pollsARestoredSplitOnlyOnceACheckpointIsComplete() throws Exception {
        api.answers("odds/soccer_epl", ok(event("a", BEFORE, "2")));
        api.answers("odds/soccer_new", ok(event("n", BEFORE, "2")));
        OddsApiReader reader = new OddsApiReader(
                Configs.of(Map.of("sports", "soccer_epl,soccer_new", "livePollMs", "5", "upcomingPollMs", "5")),
                api,
                () -> NOW,
                new UnregisteredMetricsGroup(),
                false);
        readers.add(reader);
        reader.addSplits(List.of(
                new OddsApiSplit(Group.ODDS, "soccer_epl", 5, 9, new TreeSet<>()),
                new OddsApiSplit(Group.ODDS, "soccer_new")));

        heard(reader, 3);
        assertThat(api.calls()).containsOnly("odds/soccer_new");

        reader.notifyCheckpointComplete(1);
        while (!api.calls().contains("odds/soccer_epl")) {
            heard(reader, 1);
        }
        assertThat(api.calls()).contains("odds/soccer_epl");
    }

    @Test
    void givesAllSplitsOneGenerationAboveThatOfEach() throws Exception {
        OddsApiSplit ahead = new OddsApiSplit(Group.ODDS, "soccer_epl", NOW + 50, NOW, new TreeSet<>());
        OddsApiReader reader = reader(
                new OddsApiSplit(Group.ODDS, "soccer_a", 7, NOW, new TreeSet<>()),
                ahead,
                new OddsApiSplit(Group.SCORES, "soccer_epl"));
        reader.addSplits(List.of(new OddsApiSplit(Group.SCORES, "soccer_b")));

        assertThat(reader.snapshotState(1))
                .filteredOn(split -> split.sport().equals("soccer_epl"))
                .extracting(OddsApiSplit::generation)
                .containsExactly(NOW + 51, NOW + 51);
    }

    @Test
    void letsASportRestThatIsNoLongerConfiguredAndKeepsItsPlace() throws Exception {
        api.answers("odds/soccer_epl", ok(event("a", BEFORE, "2")));
        OddsApiSplit other = new OddsApiSplit(Group.ODDS, "soccer_other", 5, 9, new TreeSet<>(List.of("oddsapi:z")));

        OddsApiReader reader = reader(new OddsApiSplit(Group.ODDS, "soccer_epl"), other);
        heard(reader, 2);

        assertThat(api.calls()).containsOnly("odds/soccer_epl");
        assertThat(reader.snapshotState(1)).contains(other);
    }

    @Test
    void diesOfABrokenInvariant() {
        api.throwing("odds/soccer_epl", new IllegalStateException("a bug"));

        assertThatThrownBy(() -> heard(reader(new OddsApiSplit(Group.ODDS, "soccer_epl")), 1))
                .hasMessageContaining("broke")
                .hasRootCauseMessage("a bug");
    }

    @Test
    void turnsBytesBackIntoTheSameEvents() throws Exception {
        api.answers("odds/soccer_epl", ok(event("a", BEFORE, "2"), event("b", BEFORE, "0")));
        heard(reader(new OddsApiSplit(Group.ODDS, "soccer_epl")), 2);

        assertThat(output.events)
                .hasSizeGreaterThan(1)
                .allSatisfy(event -> assertThat(OddsApiEvents.read(OddsApiEvents.write(event)))
                        .isEqualTo(event));
        OddsApiEvent unusable =
                new OddsApiEvent.Unusable(new Refused(Refusal.NOT_JSON, "", "oddsapi/odds", "détail", "\u0000x"));
        assertThat(OddsApiEvents.read(OddsApiEvents.write(unusable))).isEqualTo(unusable);
        assertThatThrownBy(() -> OddsApiEvents.read(new byte[] {2, 0, 0})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OddsApiEvents.read(new byte[] {9})).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void remembersWhichSplitsAreAssigned() throws IOException {
        OddsApiEnumerator.Serializer serializer = new OddsApiEnumerator.Serializer();
        for (List<String> assigned : List.of(List.<String>of(), List.of("oddsapi/odds/a", "oddsapi/scores/a"))) {
            assertThat(serializer.deserialize(1, serializer.serialize(assigned)))
                    .isEqualTo(assigned);
        }
    }

    @Test
    void hearsEachSplitOnceAndEnds() throws Exception {
        api.answers("odds/soccer_epl", FakeOddsApi.ended(OddsApi.Outcome.FAILED), ok(event("a", BEFORE, "2")));
        api.answers("odds/soccer_new", ok(event("n", BEFORE, "2")));
        OddsApiReader reader = once();

        assertThat(toTheEnd(reader)).containsExactlyInAnyOrder("oddsapi:a", "oddsapi:n");
        assertThat(api.calls())
                .as("the one that failed was asked again")
                .containsExactlyInAnyOrder("odds/soccer_epl", "odds/soccer_epl", "odds/soccer_new");
        assertThat(reader.snapshotState(1)).isEmpty();
    }

    @Test
    void whoAsksOnceIsToldAtOnceWhatOnlyAPersonCanMend() {
        api.answers("odds/soccer_epl", FakeOddsApi.ended(OddsApi.Outcome.BAD_KEY));
        api.answers("odds/soccer_new", ok(event("n", BEFORE, "2")));

        assertThatThrownBy(() -> toTheEnd(once()))
                .isInstanceOf(SuppressRestartsException.class)
                .rootCause()
                .hasMessageEndingWith("BAD_KEY by a test");
    }

    @Test
    void whoAsksOnceIsToldAfterTheLastAttempt() {
        api.answers("odds/soccer_epl", FakeOddsApi.ended(OddsApi.Outcome.FAILED));
        api.answers("odds/soccer_new", ok(event("n", BEFORE, "2")));

        assertThatThrownBy(() -> toTheEnd(once()))
                .isInstanceOf(IOException.class)
                .hasMessage("oddsapi/odds/soccer_epl: FAILED by a test; 3 attempts were made (maxRetries)");
    }

    @Test
    void endsWithoutASplit() throws Exception {
        OddsApiReader reader = once();
        reader.notifyNoMoreSplits();

        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.END_OF_INPUT);
    }

    private OddsApiReader once() {
        OddsApiReader reader = new OddsApiReader(
                Configs.of(Map.of(
                        "sports", "soccer_epl,soccer_new", "retryBaseMs", "1", "retryMaxMs", "5", "maxRetries", "2")),
                api,
                () -> NOW,
                new UnregisteredMetricsGroup(),
                true);
        readers.add(reader);
        return reader;
    }

    /** The matches heard until the reader says that there is no more. */
    private List<String> toTheEnd(OddsApiReader reader) throws Exception {
        reader.addSplits(
                List.of(new OddsApiSplit(Group.ODDS, "soccer_epl"), new OddsApiSplit(Group.ODDS, "soccer_new")));
        reader.notifyNoMoreSplits();
        InputStatus status = InputStatus.MORE_AVAILABLE;
        while (status != InputStatus.END_OF_INPUT) {
            reader.isAvailable().get(30, TimeUnit.SECONDS);
            status = reader.pollNext(output);
        }
        return output.events.stream()
                .map(event -> ((OddsApiEvent.Heard) event).polled().match())
                .toList();
    }

    private OddsApiReader reader(OddsApiSplit... splits) {
        OddsApiReader reader = new OddsApiReader(config, api, () -> NOW, new UnregisteredMetricsGroup(), false);
        readers.add(reader);
        reader.start();
        reader.addSplits(List.of(splits));
        return reader;
    }

    /** The next matches heard; as a task would, it asks only when there is something to have. */
    private List<Polled> heard(OddsApiReader reader, int count) throws Exception {
        List<Polled> heard = new ArrayList<>();
        while (heard.size() < count) {
            reader.isAvailable().get(30, TimeUnit.SECONDS);
            int before = output.events.size();
            InputStatus status = reader.pollNext(output);
            assertThat(status).isNotEqualTo(InputStatus.END_OF_INPUT);
            if (output.events.size() > before && output.events.get(before) instanceof OddsApiEvent.Heard event) {
                heard.add(event.polled());
            }
        }
        return heard;
    }

    private static final class Output implements ReaderOutput<OddsApiEvent> {
        private final List<OddsApiEvent> events = new ArrayList<>();

        @Override
        public void collect(OddsApiEvent event) {
            events.add(event);
        }

        @Override
        public void collect(OddsApiEvent event, long timestamp) {
            events.add(event);
        }

        @Override
        public void emitWatermark(Watermark watermark) {}

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}

        @Override
        public SourceOutput<OddsApiEvent> createOutputForSplit(String splitId) {
            return this;
        }

        @Override
        public void releaseOutputForSplit(String splitId) {}
    }
}
