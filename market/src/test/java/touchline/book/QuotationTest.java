package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static touchline.book.Tell.ODDS;
import static touchline.book.Tell.START;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.book.Chatter.Heard;
import touchline.book.Scenario.Line;
import touchline.feed.Stamp;

/** Who keeps the last quotation of each key holds what the books hold, whatever was said, and whatever rules came. */
class QuotationTest {

    private static final String MATCH = "oddsapi:m1";
    private static final Map<String, String> SHORT = Map.of("tombstoneMs", "500000", "endAfterMissingMs", "60000");

    /** Key to value, as a compacted topic keeps them. */
    private final SortedMap<String, Quotation> kept = new TreeMap<>();

    static Stream<Arguments> scenarios() {
        return Scenario.all().stream().map(scenario -> arguments(scenario.name(), scenario));
    }

    static LongStream seeds() {
        return MarketLawsTest.seeds();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void whatIsKeptIsWhatTheBooksHoldAfterEveryLine(String name, Scenario scenario) {
        MarketMachine machine = new MarketMachine(scenario.rules());
        SortedMap<String, MapStore> stores = new TreeMap<>();
        for (Line line : scenario.lines()) {
            MapStore store = stores.computeIfAbsent(line.match(), match -> new MapStore());
            keep(Scenario.play(machine, store, line));
            assertThat(kept)
                    .as("%s at %d: %s", name, line.t(), scenario.sentence())
                    .isEqualTo(held(stores));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsKeptIsWhatTheBookHoldsAfterEveryRecord(long seed) {
        MarketMachine machine = new MarketMachine(Tell.rules(SHORT));
        MapStore store = new MapStore();
        int withdrawn = 0;
        for (Heard heard : new Chatter(MATCH, seed).talk(200)) {
            Step step = machine.apply(store, heard.record(), heard.t());
            keep(step);
            withdrawn += (int)
                    step.quotations().stream().filter(Quotation::isWithdrawn).count();
            assertThat(kept).as("at %d", heard.t()).isEqualTo(held(new TreeMap<>(Map.of(MATCH, store))));
        }
        assertThat(withdrawn).as("something was withdrawn").isPositive();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aRaisedGenerationTellsAllThatItsBooksHoldEvenWhereNothingWasKept(long seed) {
        MarketRules stricter =
                Tell.rules(Map.of("generation", "2", "maxBooksumPercent", "105", "endAfterMissingMs", "1000"));
        MapStore store = new MapStore();
        List<Heard> talk = new Chatter(MATCH, seed).talk(200);
        Random random = new Random(seed);
        int raised = random.nextInt(talk.size());
        MarketMachine machine = new MarketMachine(Tell.rules(SHORT));
        for (int i = 0; i < talk.size(); i++) {
            if (i == raised) {
                machine = new MarketMachine(stricter);
                kept.clear();
                if (random.nextBoolean()) {
                    keep(machine.image(store, MATCH));
                }
            }
            keep(machine.apply(store, talk.get(i).record(), talk.get(i).t()));
        }
        assertThat(kept).isEqualTo(held(new TreeMap<>(Map.of(MATCH, store))));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoSkipsStampsIsBehindByNoMoreThanTheirPace(long seed) {
        MarketMachine machine = new MarketMachine(Tell.rules(SHORT));
        MapStore store = new MapStore();
        long pace = 10_000;
        for (Heard heard : new Chatter(MATCH, seed).talk(200)) {
            for (Quotation quotation :
                    machine.apply(store, heard.record(), heard.t()).quotations()) {
                if (quotation.isNews(pace)) {
                    keep(quotation);
                }
            }
            SortedMap<String, Quotation> held = held(new TreeMap<>(Map.of(MATCH, store)));
            assertThat(kept.keySet()).isEqualTo(held.keySet());
            held.forEach((key, holds) -> {
                Quotation last = Objects.requireNonNull(kept.get(key));
                assertThat(last.prices()).as(key).isEqualTo(holds.prices());
                assertThat(last.line()).as(key).isEqualTo(holds.line());
                assertThat(holds.at() - last.at()).as(key).isBetween(0L, pace - 1);
            });
        }
    }

    @Test
    void nothingIsToldWhereNothingChanged() {
        Tell tell = new Tell(MATCH);
        tell.view(START, ODDS, Tell.full(Tell.fixture(START), Tell.h2h("a", START, 2, 3.4, 3.8)));
        assertThat(tell.quotations).hasSize(1);
        tell.view(START + 1, ODDS, Tell.full(Tell.fixture(START), Tell.h2h("a", START, 2, 3.4, 3.8)));
        tell.view(START + 2, ODDS, Tell.stamps(new Stamp("a", "h2h", START - 5_000)));
        tell.view(START + 3, ODDS, Tell.gone("b", "h2h"));
        assertThat(tell.quotations).hasSize(1);
        tell.view(START + 4_000, ODDS, Tell.stamps(new Stamp("a", "h2h", START + 3_000)));
        assertThat(tell.quotations)
                .element(1)
                .isEqualTo(new Quotation(
                        MATCH,
                        "h2h",
                        ODDS,
                        "a",
                        null,
                        tell.quotations.get(0).prices(),
                        START + 3_000,
                        START,
                        START + 4_000));
    }

    @Test
    void aQuoteThatIsRefusedTakesTheOneBeforeWithIt() {
        Tell tell = new Tell(MATCH);
        tell.view(START, ODDS, Tell.full(Tell.fixture(START), Tell.h2h("a", START, 2, 3.4, 3.8)));
        tell.view(START + 1_000, ODDS, Tell.quotes(Tell.h2h("a", START + 1_000, 20, 34, 38)));
        assertThat(tell.quotations).element(1).isEqualTo(Quotation.withdrawn(MATCH, "h2h", ODDS, "a", START + 1_000));
    }

    @Test
    void aStepThatThrowsTellsOfNoQuote() {
        Tell tell = new Tell(MATCH);
        tell.view(
                START,
                ODDS,
                Tell.full(
                        Tell.fixture(START),
                        Tell.totals("a", START, 2.5, 1.9, 1.9),
                        Tell.totals("b", START, 2.5, 1.9, 1.9)));
        MarketBook totals = MarketBook.of(tell.store.market("totals"));
        totals.cells.values().put("@line", "over the moon");
        tell.store.market("totals", totals.toBytes());
        List<Quotation> told =
                new ArrayList<>(tell.machine.fault(tell.store, MATCH, START + 1).quotations());
        assertThat(told).isEmpty();
        tell.quotations.forEach(this::keep);
        assertThat(kept).isEqualTo(held(new TreeMap<>(Map.of(MATCH, tell.store))));
    }

    private void keep(Step step) {
        step.quotations().forEach(this::keep);
    }

    private void keep(Quotation quotation) {
        String key = key(quotation);
        if (quotation.isWithdrawn()) {
            kept.remove(key);
        } else {
            kept.put(key, timeless(quotation));
        }
    }

    private static SortedMap<String, Quotation> held(SortedMap<String, MapStore> stores) {
        SortedMap<String, Quotation> held = new TreeMap<>();
        stores.forEach((match, store) -> {
            for (String market : store.keys()) {
                MarketBook.of(store.market(market))
                        .quotes
                        .forEach((source, quoted) -> quoted.forEach((bookmaker, quote) -> {
                            Quotation quotation = new Quotation(
                                    match, market, source, bookmaker, quote.line(), quote.prices(), quote.at(), 0, 0);
                            held.put(key(quotation), quotation);
                        }));
            }
        });
        return held;
    }

    private static String key(Quotation quotation) {
        return new String(QuotationJson.key(quotation), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Without what tells when and how it came to be said. */
    private static Quotation timeless(Quotation q) {
        return new Quotation(q.match(), q.market(), q.source(), q.bookmaker(), q.line(), q.prices(), q.at(), 0, 0);
    }
}
