package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static touchline.book.Tell.ODDS;
import static touchline.book.Tell.START;
import static touchline.book.Tell.fixture;
import static touchline.book.Tell.full;
import static touchline.book.Tell.h2h;
import static touchline.book.Tell.quotes;
import static touchline.book.Tell.totals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.feed.FeedRecord;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.Seq;
import touchline.feed.View;
import touchline.update.MarketUpdate;

/** A book whose invariant breaks is suspended, says so at the right position, and nothing said is ever lost. */
class FaultTest {

    private final Tell tell = new Tell("oddsapi:m1");

    FaultTest() {
        tell.view(
                START,
                ODDS,
                20_000,
                full(
                        fixture(START - 60_000),
                        h2h("a", START, 2, 3.4, 3.8),
                        h2h("b", START, 2, 3.4, 3.8),
                        totals("a", START, 2.5, 1.9, 1.9),
                        totals("b", START, 2.5, 1.9, 1.9)));
    }

    private static FeedRecord record(long n, View view) {
        return new FeedRecord("oddsapi:m1", ODDS, new Seq(2, n), START + n, START + n, 20_000, view.kind(), view);
    }

    /** A state that no rule expects: a market whose published line is no number. */
    private void breakTotals() {
        MarketBook totals = MarketBook.of(tell.store.market("totals"));
        totals.cells.values().put("@line", "over the moon");
        tell.store.market("totals", totals.toBytes());
    }

    @Test
    void aRecordThatThrowsLeavesNoTraceNotEvenOfTheWakeUpsBeforeIt() {
        tell.view(START + 1, "other/scores", 1_000, Tell.score(0, 0, START));
        breakTotals();
        MapStore before = tell.store.copy();
        FeedRecord record = record(3_000, quotes(totals("a", START + 3_000, 2.5, 2, 1.8)));
        assertThatThrownBy(() -> tell.machine.apply(tell.store, record, START + 3_000))
                .isInstanceOf(NumberFormatException.class);
        assertThat(tell.store.head()).isEqualTo(before.head());
        assertThat(tell.store.market("h2h")).isEqualTo(before.market("h2h"));
        assertThat(tell.store.market("totals")).isEqualTo(before.market("totals"));
    }

    @Test
    void aFaultSuspendsEveryMarketUntilANewGeneration() {
        breakTotals();
        FeedRecord record = record(1_000, quotes(totals("a", START + 1_000, 2.5, 2, 1.8)));
        Step step = tell.machine.fault(tell.store, record, START + 1_000, "test");
        assertThat(step.refused()).extracting(Refused::reason).containsExactly(Refusal.FAULT);
        assertThat(step.updates()).hasSize(1);
        assertThat(step.updates().get(0).position().version()).isEqualTo(2);
        assertThat(step.updates().get(0).set())
                .containsEntry("h2h/@status", "suspended")
                .containsEntry("h2h/@reasons", "fault")
                .containsEntry("totals/@reasons", "fault");
        tell.view(
                START + 60_000,
                ODDS,
                20_000,
                quotes(h2h("a", START + 59_000, 2, 3.4, 3.8), h2h("b", START + 59_000, 2, 3.4, 3.8)));
        assertThat(MarketBook.of(tell.store.market("h2h")).cells.values())
                .containsEntry("@status", "suspended")
                .containsEntry("@reasons", "fault");
    }

    @Test
    void aFaultOfAWakeUpSaysTheSameWhetherATimerOrARecordMetItFirst() {
        breakTotals();
        Tell other = new Tell("oddsapi:m1");
        MapStore byTimer = tell.store.copy();
        MapStore byRecord = tell.store.copy();
        FeedRecord record = record(50_000, Tell.score(0, 0, START + 49_000));
        assertThatThrownBy(() -> other.machine.wake(byTimer, "oddsapi:m1", START + 45_000))
                .isInstanceOf(NumberFormatException.class);
        List<MarketUpdate> first = new java.util.ArrayList<>(
                other.machine.fault(byTimer, "oddsapi:m1", START + 45_000).updates());
        first.addAll(other.machine.apply(byTimer, record, START + 50_000).updates());

        assertThatThrownBy(() -> other.machine.apply(byRecord, record, START + 50_000))
                .isInstanceOf(NumberFormatException.class);
        Step second = other.machine.fault(byRecord, record, START + 50_000, "test");
        assertThat(second.updates()).isEqualTo(first).hasSizeGreaterThan(1);
        assertThat(second.refused()).isEmpty();
        assertThat(byRecord.head()).isEqualTo(byTimer.head());
    }

    @Test
    void aNewGenerationBeginsAnEpochAndLiftsTheFault() {
        tell.machine.fault(tell.store, "oddsapi:m1", START + 1_000);
        MarketMachine next = new MarketMachine(Tell.rules(Map.of("generation", "2")));
        MarketUpdate image = next.image(tell.store, "oddsapi:m1").updates().get(0);
        assertThat(image.kind()).isEqualTo(MarketUpdate.Kind.IMAGE);
        assertThat(image.position()).hasToString("2." + START + "-1");
        assertThat(String.valueOf(image.set().get("h2h/@reasons"))).doesNotContain("fault");
        assertThat(next.image(tell.store, "oddsapi:m1").updates()).containsExactly(image);
        Step step =
                next.apply(tell.store, record(2_000, quotes(h2h("a", START + 2_000, 2.1, 3.4, 3.8))), START + 2_000);
        assertThat(step.updates().get(0).position()).hasToString("2." + START + "-2");
    }

    @Test
    void anEndedMatchIsSaidAgainUnderANewGeneration() {
        tell.view(START + 1, "oddsapi/scores", 0, over());
        MarketMachine next = new MarketMachine(Tell.rules(Map.of("generation", "2")));
        MarketUpdate image = next.image(tell.store, "oddsapi:m1").updates().get(0);
        assertThat(image.kind()).isEqualTo(MarketUpdate.Kind.END);
        assertThat(image.position()).hasToString("2." + START + "-1");
    }

    @Test
    void anOlderGenerationRefusesToTouchTheBook() {
        MarketMachine next = new MarketMachine(Tell.rules(Map.of("generation", "2")));
        next.image(tell.store, "oddsapi:m1");
        assertThatThrownBy(() -> tell.machine.wake(tell.store, "oddsapi:m1", START + 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("raise market.generation");
    }

    private static View over() {
        return new View(
                true,
                false,
                null,
                List.of(),
                List.of(),
                List.of(),
                new touchline.feed.Score(1, 0, true, START),
                List.of());
    }
}
