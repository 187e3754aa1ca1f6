package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;
import static touchline.book.Tell.ODDS;
import static touchline.book.Tell.START;
import static touchline.book.Tell.fixture;
import static touchline.book.Tell.full;
import static touchline.book.Tell.h2h;
import static touchline.book.Tell.stamps;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.feed.Changes;
import touchline.feed.HeldView;
import touchline.feed.Polled;
import touchline.feed.Quote;
import touchline.feed.Seq;
import touchline.feed.Stamp;
import touchline.feed.View;

/** A stamp says that a price still holds without naming it: the one that its source said last, whatever the book holds. */
class ConfirmationTest {

    private static final MarketRules RULES = Tell.rules(Map.of("minQuotes", "1"));

    static LongStream seeds() {
        return LongStream.range(0, Integer.getInteger("touchline.seeds", 200));
    }

    @Test
    void aStampConfirmsWhatItsSourceSaidLastAlsoWhereTheBookHoldsYoungerData() {
        Tell tell = new Tell("oddsapi:m1", RULES);
        tell.view(START, ODDS, full(fixture(START - 60_000), h2h("a", START, 2.1, 3.4, 3.7)));
        // The reader began anew, and the first node that answered it had not heard of that price yet.
        tell.view(START + 1_000, ODDS, full(fixture(START - 60_000), h2h("a", START - 9_000, 2.0, 3.4, 3.7)));
        assertThat(tell.cell("h2h/home")).isEqualTo("2.1");

        tell.view(START + 2_000, ODDS, stamps(new Stamp("a", "h2h", START - 5_000)));
        assertThat(tell.cell("h2h/home")).isEqualTo("2.1");
        tell.view(START + 3_000, ODDS, stamps(new Stamp("a", "h2h", START + 2_000)));

        assertThat(tell.cell("h2h/home")).isEqualTo("2");
    }

    @Test
    void whatWasSaidBeforeIsForgottenWithTheNextPriceThatIsNotOlder() {
        Tell tell = new Tell("oddsapi:m1", RULES);
        tell.view(START, ODDS, full(fixture(START - 60_000), h2h("a", START, 2.1, 3.4, 3.7)));
        tell.view(START + 1_000, ODDS, full(fixture(START - 60_000), h2h("a", START - 9_000, 2.0, 3.4, 3.7)));
        tell.view(START + 2_000, ODDS, Tell.quotes(h2h("a", START + 2_000, 2.2, 3.4, 3.7)));
        tell.view(START + 3_000, ODDS, stamps(new Stamp("a", "h2h", START + 3_000)));

        assertThat(tell.cell("h2h/home")).isEqualTo("2.2");
    }

    @Test
    void aBookThatWasWrittenBeforeThisWasKeptIsStillRead() {
        MarketBook book = new MarketBook();
        Quote quote = h2h("a", START, 2.1, 3.4, 3.7);
        book.hold(ODDS, "a", new MarketBook.Held(quote.at(), null, quote.prices(), null));
        book.hold(ODDS, "b", new MarketBook.Held(quote.at(), 2_500, quote.prices(), null));
        byte[] bytes = book.toBytes();
        assertThat(bytes[0]).isEqualTo((byte) 6);
        bytes[0] = 4;

        assertThat(MarketBook.of(bytes).quotes).isEqualTo(book.quotes);
    }

    /** One bookmaker, whose word is told by nodes of which some are behind, to a reader that begins anew now and then. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsHeldWithAStampIsWhatTheBookmakerSaidThen(long seed) {
        Random random = new Random(seed);
        Changes changes = new Changes(3_000, 5_000);
        MarketMachine machine = new MarketMachine(RULES);
        MapStore store = new MapStore();
        List<Quote> said = new ArrayList<>();
        @Nullable HeldView view = null;
        @Nullable HeldView checkpoint = null;
        int generation = 1;
        long now = START;
        for (int poll = 0; poll < 150; poll++) {
            now += 1_000;
            boolean last = poll > 147;
            if (poll == 0 || last || random.nextInt(3) > 0) {
                said.add(h2h("a", now, last ? 2.3 : 2 + random.nextInt(3) * 0.1, 3.4, 3.7));
            }
            Quote told = said.get(last ? said.size() - 1 : Math.max(0, said.size() - 1 - random.nextInt(5)));
            if (random.nextInt(12) == 0) {
                view = checkpoint;
                generation++;
            } else if (random.nextInt(4) == 0) {
                checkpoint = view;
            }
            Polled polled = new Polled(
                    "oddsapi:m1", ODDS, new Seq(generation, now), now, now, 1_000, full(fixture(START - 60_000), told));
            Changes.Step step = changes.hear(view, polled, "oddsapi:m1", false);
            view = HeldView.read(step.held().write());
            if (step.record().isPresent()) {
                machine.apply(store, step.record().get(), now);
                MarketBook.Held held = MarketBook.of(store.market("h2h")).held(ODDS, "a");
                assertThat(held).isNotNull();
                assertThat(said)
                        .as("seed %s, poll %s: %s", seed, poll, held)
                        .anyMatch(quote ->
                                quote.at() == held.at() && quote.prices().equals(held.prices()));
            }
        }
        MarketBook.Held held = MarketBook.of(store.market("h2h")).held(ODDS, "a");
        assertThat(held).isNotNull();
        assertThat(held.prices()).as("seed %s, at last", seed).containsEntry("home", 2_300);
    }

    @Test
    void aQuoteThatWentTakesAlongWhatWasSaidOfItBefore() {
        Tell tell = new Tell("oddsapi:m1", RULES);
        View old = full(fixture(START - 60_000), h2h("a", START - 9_000, 2.0, 3.4, 3.7));
        tell.view(START, ODDS, full(fixture(START - 60_000), h2h("a", START, 2.1, 3.4, 3.7)));
        tell.view(START + 1_000, ODDS, old);
        tell.view(START + 2_000, ODDS, Tell.gone("a", "h2h"));
        tell.view(START + 3_000, ODDS, stamps(new Stamp("a", "h2h", START + 3_000)));

        assertThat(tell.cell("h2h/@status")).isEqualTo("suspended");
    }
}
