package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;
import static touchline.book.Tell.ODDS;
import static touchline.book.Tell.SCORES;
import static touchline.book.Tell.START;
import static touchline.book.Tell.fixture;
import static touchline.book.Tell.full;
import static touchline.book.Tell.h2h;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import touchline.feed.Fixture;
import touchline.feed.ManualDocument;
import touchline.feed.Phase;
import touchline.feed.Score;
import touchline.feed.View;
import touchline.price.Prices;

/** What is left of a match when its tombstone goes. */
class TombstoneTest {

    private static final long TOMBSTONE_MS = 1_000_000;

    private final Tell tell = tell("oddsapi:m1");

    @Test
    void aTradersSuspensionHoldsWhenItsMatchIsListedAgainAfterTheTombstone() {
        listed(START).manual(START + 1, suspend("*")).view(START + 2, SCORES, completed());
        long later = START + 2 * TOMBSTONE_MS;
        listed(later);
        assertThat(tell.cell("h2h/@status")).isEqualTo("suspended");
        assertThat(tell.cell("h2h/@reasons")).isEqualTo("trader");
        tell.manual(later + 1, suspend()).view(later + 10_000, ODDS, quoted(later + 10_000));
        assertThat(tell.cell("h2h/@status")).isEqualTo("open");
    }

    @Test
    void soDoesOneFromBeforeTheMatchWasEverListed() {
        tell.manual(START, suspend("h2h"));
        listed(START + 5 * TOMBSTONE_MS);
        assertThat(tell.cell("h2h/@reasons")).isEqualTo("trader");
    }

    @Test
    void whatATraderSaysOfAMatchThatIsOverHoldsWhenItIsListedAgain() {
        listed(START).view(START + 2, SCORES, completed());
        tell.manual(START + 3, suspend("*")).manual(START + 4, suspend("h2h"));
        listed(START + 2 * TOMBSTONE_MS);
        assertThat(tell.cell("h2h/@reasons")).isEqualTo("trader");
    }

    @Test
    void anOperatorsPriceHoldsToo() {
        listed(START).manual(START + 1, priced(1.5)).view(START + 2, SCORES, completed());
        listed(START + 2 * TOMBSTONE_MS);
        assertThat(tell.cell("h2h/home")).isEqualTo("1.5");
    }

    @Test
    void theListingAfterATombstoneBeginsAnEpochOfItsOwn() {
        listed(START).manual(START + 1, suspend("*")).view(START + 2, SCORES, completed());
        listed(START + 2 * TOMBSTONE_MS);
        assertThat(tell.last().position()).hasToString("1." + (START + 2 * TOMBSTONE_MS) + "-1");
    }

    @Test
    void nothingIsLeftWhenTheOperatorHasTakenHisWordBack() {
        listed(START).manual(START + 1, suspend("*")).view(START + 2, SCORES, completed());
        long later = START + 2 * TOMBSTONE_MS;
        tell.wake(later);
        assertThat(tell.store.head()).isNotNull();
        tell.manual(later + 1, withdrawn()).wake(later + 2 * TOMBSTONE_MS);
        assertThat(tell.store.head()).isNull();
    }

    @Test
    void nothingIsLeftOfAMatchOfWhichOperatorsSayNothing() {
        listed(START).view(START + 2, SCORES, completed());
        tell.wake(START + 2 * TOMBSTONE_MS);
        assertThat(tell.store.head()).isNull();
    }

    @Test
    void nothingIsLeftOfAnOperatorsOwnMatchThatHeEnded() {
        Tell own = tell("manual:1");
        own.manual(START, document(fixture(START), null)).manual(START + 1, document(fixture(START), Phase.ENDED));
        assertThat(own.cell("match/ended")).isEqualTo("operator");
        own.wake(START + 2 * TOMBSTONE_MS);
        assertThat(own.store.head()).isNull();
    }

    private Tell listed(long t) {
        return tell.view(t, ODDS, quoted(t));
    }

    private static View quoted(long t) {
        return full(fixture(t + 100_000), h2h("a", t, 2.0, 3.4, 3.8), h2h("b", t, 2.1, 3.3, 3.7));
    }

    private static Tell tell(String match) {
        return new Tell(match, Tell.rules(Map.of("tombstoneMs", Long.toString(TOMBSTONE_MS))));
    }

    private static View completed() {
        Score score = new Score(1, 0, true, START);
        return new View(false, false, null, List.of(), List.of(), List.of(), score, List.of());
    }

    private static ManualDocument suspend(String... markets) {
        return new ManualDocument(null, null, null, null, null, List.of(), List.of(), List.of(markets), false);
    }

    private static ManualDocument withdrawn() {
        return new ManualDocument(null, null, null, null, null, List.of(), List.of(), List.of(), true);
    }

    private static ManualDocument document(Fixture fixture, @Nullable Phase phase) {
        return new ManualDocument(fixture, phase, null, null, null, List.of(), List.of(), List.of(), false);
    }

    private static ManualDocument priced(double home) {
        Prices prices = Prices.of(Map.of("home", Tell.milli(home), "draw", 4000, "away", 7000));
        ManualDocument.Market market = new ManualDocument.Market("h2h", null, START, prices);
        return new ManualDocument(null, null, null, null, null, List.of(market), List.of(), List.of(), false);
    }
}
