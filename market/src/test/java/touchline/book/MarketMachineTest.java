package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;
import static touchline.book.Tell.ODDS;
import static touchline.book.Tell.SCORES;
import static touchline.book.Tell.START;
import static touchline.book.Tell.fixture;
import static touchline.book.Tell.full;
import static touchline.book.Tell.gone;
import static touchline.book.Tell.h2h;
import static touchline.book.Tell.missing;
import static touchline.book.Tell.quotes;
import static touchline.book.Tell.score;
import static touchline.book.Tell.stamps;
import static touchline.book.Tell.totals;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import touchline.feed.ManualDocument;
import touchline.feed.Phase;
import touchline.feed.Refusal;
import touchline.feed.Score;
import touchline.feed.Stamp;
import touchline.price.Prices;
import touchline.update.MarketUpdate;

class MarketMachineTest {

    private final Tell tell = new Tell("oddsapi:m1");

    private Tell upcoming() {
        return tell.view(
                START,
                ODDS,
                full(
                        fixture(START + 3_600_000),
                        h2h("a", START, 2.0, 3.4, 3.8),
                        h2h("b", START, 2.1, 3.3, 3.7),
                        h2h("c", START, 2.2, 3.2, 3.6)));
    }

    private Tell live() {
        return tell.view(
                START,
                ODDS,
                20_000,
                full(fixture(START - 60_000), h2h("a", START, 2.0, 3.4, 3.8), h2h("b", START, 2.1, 3.3, 3.7)));
    }

    @Test
    void beginsWithAnImageAtTheMedianPrices() {
        upcoming();
        assertThat(tell.said).hasSize(1);
        assertThat(tell.last().kind()).isEqualTo(MarketUpdate.Kind.IMAGE);
        assertThat(tell.last().position()).hasToString("1." + START + "-1");
        assertThat(tell.cells)
                .containsEntry("h2h/home", "2.1")
                .containsEntry("h2h/draw", "3.3")
                .containsEntry("h2h/away", "3.7")
                .containsEntry("h2h/@status", "open")
                .containsEntry("match/home", "Arsenal")
                .containsEntry("match/phase", "upcoming")
                .doesNotContainKey("h2h/@reasons");
    }

    @Test
    void saysOnlyWhatChanged() {
        upcoming().view(START + 1000, ODDS, quotes(h2h("b", START + 900, 2.15, 3.3, 3.7)));
        assertThat(tell.last().set()).isEqualTo(new TreeMap<>(java.util.Map.of("h2h/home", "2.15")));
        assertThat(tell.last().position().version()).isEqualTo(2);
    }

    @Test
    void aRepeatChangesNothing() {
        upcoming();
        Tell twice = new Tell("oddsapi:m1");
        var record = new touchline.feed.FeedRecord(
                "oddsapi:m1",
                ODDS,
                new touchline.feed.Seq(1, 5),
                START,
                START,
                60_000,
                touchline.feed.Kind.FIXTURE,
                full(fixture(START + 3_600_000), h2h("a", START, 2.0, 3.4, 3.8)));
        twice.hear(record, START).hear(record, START + 1);
        assertThat(twice.said).hasSize(1);
        assertThat(twice.refused).isEmpty();
    }

    @Test
    void suspendsAtTheFirstMissAndReopensOnYoungerQuotes() {
        live();
        assertThat(tell.cell("h2h/@status")).isEqualTo("open");
        tell.view(START + 20_000, ODDS, 20_000, gone("b", "h2h"));
        assertThat(tell.cell("h2h/@status")).isEqualTo("suspended");
        assertThat(tell.cell("h2h/@reasons")).isEqualTo("quotes_gone");
        // Stamped before the miss: never enough.
        tell.view(START + 40_000, ODDS, 20_000, quotes(h2h("b", START + 19_000, 2.1, 3.3, 3.7)));
        assertThat(tell.cell("h2h/@status")).isEqualTo("suspended");
        tell.view(
                START + 60_000,
                ODDS,
                20_000,
                stamps(new Stamp("a", "h2h", START + 55_000), new Stamp("b", "h2h", START + 55_000)));
        assertThat(tell.cell("h2h/@status")).isEqualTo("open");
        assertThat(tell.cells).doesNotContainKey("h2h/@reasons");
    }

    @Test
    void aGoalSuspendsInTheSameUpdateAndAnOlderPriceNeverReopens() {
        live().view(START + 1000, SCORES, 30_000, score(0, 0, START + 500));
        long goal = START + 20_000;
        tell.view(goal, SCORES, 30_000, score(1, 0, goal));
        assertThat(tell.last().set())
                .containsEntry("match/home_score", "1")
                .containsEntry("h2h/@status", "suspended")
                .containsEntry("h2h/@reasons", "goal");
        tell.view(
                goal + 16_000, ODDS, 20_000, quotes(h2h("a", goal - 1, 1.3, 5, 9), h2h("b", goal + 2000, 1.31, 5, 9)));
        assertThat(tell.cell("h2h/@status")).isEqualTo("suspended");
        tell.view(
                goal + 36_000,
                ODDS,
                20_000,
                quotes(h2h("a", goal + 30_000, 1.3, 5, 9), h2h("b", goal + 30_000, 1.31, 5, 9)));
        assertThat(tell.cell("h2h/@status")).isEqualTo("open");
        assertThat(Long.parseLong(java.util.Objects.requireNonNull(tell.cell("h2h/@epoch"))))
                .isEqualTo(goal);
    }

    @Test
    void suspendsWhenTheLastSourceGoesStale() {
        live();
        tell.wake(START + 40_000);
        assertThat(tell.cell("h2h/@status")).isEqualTo("open");
        tell.wake(START + 40_001);
        assertThat(tell.cell("h2h/@status")).isEqualTo("suspended");
        assertThat(tell.cell("h2h/@reasons")).isEqualTo("source_silent");
        assertThat(tell.cell("match/feed")).isEqualTo("stale");
    }

    @Test
    void aWakeUpIsAppliedBeforeALaterRecordAtItsOwnTime() {
        Tell byRecord = new Tell("oddsapi:m1");
        for (Tell one : List.of(tell, byRecord)) {
            one.view(START, ODDS, 20_000, full(fixture(START - 1), h2h("a", START, 2, 3, 4), h2h("b", START, 2, 3, 4)));
        }
        tell.wake(START + 50_000);
        for (Tell one : List.of(tell, byRecord)) {
            one.view(START + 60_000, ODDS, 20_000, quotes(h2h("a", START + 60_000, 2.2, 3, 4)));
        }
        assertThat(byRecord.said).isEqualTo(tell.said).hasSize(3);
    }

    @Test
    void kicksOffByTheClock() {
        upcoming();
        tell.wake(START + 3_600_000);
        assertThat(tell.cell("match/phase")).isEqualTo("live");
        assertThat(tell.cell("h2h/@status")).isEqualTo("suspended");
        assertThat(tell.cell("h2h/@reasons")).contains("phase_change");
    }

    @Test
    void aMatchThatIsNoLongerListedSuspendsThenEnds() {
        live().view(START + 20_000, ODDS, 0, missing());
        assertThat(tell.cell("h2h/@status")).isEqualTo("suspended");
        tell.wake(START + 20_000 + 3_600_000);
        assertThat(tell.last().kind()).isEqualTo(MarketUpdate.Kind.END);
        assertThat(tell.cells).containsEntry("match/ended", "unlisted").doesNotContainKey("h2h/@status");
        tell.view(START + 4_000_000, ODDS, full(fixture(START - 60_000), h2h("a", START, 2, 3, 4)));
        assertThat(tell.last().kind()).isEqualTo(MarketUpdate.Kind.IMAGE);
        assertThat(tell.last().position()).hasToString("1." + (START + 4_000_000) + "-1");
    }

    @Test
    void aMatchWhoseProviderFellSilentForGoodEnds() {
        live().wake(START + 40_000 + 86_399_999);
        assertThat(tell.cell("h2h/@reasons")).contains("source_silent");
        assertThat(tell.last().kind()).isEqualTo(MarketUpdate.Kind.PATCH);
        tell.wake(START + 40_000 + 86_400_000);
        assertThat(tell.last().kind()).isEqualTo(MarketUpdate.Kind.END);
        assertThat(tell.cells).containsEntry("match/ended", "unlisted");
    }

    @Test
    void aSignOfLifeOfAnUnknownMatchIsNoRefusal() {
        tell.view(START, ODDS, stamps(new Stamp("a", "h2h", START)));
        assertThat(tell.said).isEmpty();
        assertThat(tell.refused).isEmpty();
    }

    @Test
    void aCompletedScoreEndsIt() {
        live().view(
                        START + 1,
                        SCORES,
                        new touchline.feed.View(
                                true,
                                false,
                                null,
                                List.of(),
                                List.of(),
                                List.of(),
                                new Score(2, 1, true, START),
                                List.of()));
        assertThat(tell.last().kind()).isEqualTo(MarketUpdate.Kind.END);
        assertThat(tell.cells).containsEntry("match/ended", "completed").containsEntry("match/home_score", "2");
        tell.view(START + 5, ODDS, quotes(h2h("a", START + 4, 2, 3, 4)));
        assertThat(tell.refused).extracting(r -> r.reason()).containsExactly(Refusal.MATCH_ENDED);
    }

    @Test
    void theMainLineIsTheOneThatMostBookmakersQuote() {
        tell.view(
                START,
                ODDS,
                full(
                        fixture(START + 3_600_000),
                        totals("a", START, 2.5, 1.9, 1.9),
                        totals("b", START, 2.5, 2.0, 1.8),
                        totals("c", START, 3, 2.4, 1.5)));
        assertThat(tell.cells).containsEntry("totals/@line", "2.5").containsEntry("totals/over", "1.95");
        tell.view(START + 1000, ODDS, quotes(totals("b", START + 1000, 3, 2.3, 1.6)));
        assertThat(tell.cells)
                .containsEntry("totals/@line", "3")
                .containsEntry("totals/over", "2.35")
                .containsEntry("totals/@epoch", Long.toString(START + 1000));
    }

    @Test
    void refusesAQuoteWhoseBooksumIsImpossibleAndKeepsTheRest() {
        upcoming()
                .view(
                        START + 1000,
                        ODDS,
                        quotes(h2h("a", START + 900, 20, 30, 40), h2h("b", START + 900, 2.15, 3.3, 3.7)));
        assertThat(tell.refused).extracting(r -> r.reason()).containsExactly(Refusal.BOOKSUM_OUT_OF_BOUNDS);
        assertThat(tell.cell("h2h/home")).isEqualTo("2.175");
    }

    @Test
    void nothingIsKnownOfAMatchWithoutAFixture() {
        tell.view(START, ODDS, quotes(h2h("a", START, 2, 3, 4)));
        assertThat(tell.said).isEmpty();
        assertThat(tell.refused).extracting(r -> r.reason()).containsExactly(Refusal.UNKNOWN_MATCH);
    }

    @Test
    void anAutomaticRuleNeverLiftsATradersSuspension() {
        live().manual(START + 1, document(null, List.of(), List.of("h2h")));
        assertThat(tell.cell("h2h/@reasons")).isEqualTo("trader");
        tell.view(
                START + 20_000,
                ODDS,
                20_000,
                quotes(h2h("a", START + 19_000, 2, 3, 4), h2h("b", START + 19_000, 2, 3, 4)));
        assertThat(tell.cell("h2h/@status")).isEqualTo("suspended");
        tell.manual(START + 30_000, document(null, List.of(), List.of()));
        assertThat(tell.cell("h2h/@status")).isEqualTo("open");
    }

    @Test
    void anOperatorsScoreGoesBeforeAProvidersUntilHeClearsIt() {
        live().view(START + 1, SCORES, 30_000, score(0, 0, START));
        tell.manual(START + 2, document(new Score(1, 0, false, START + 2), List.of(), List.of()));
        assertThat(tell.cell("match/home_score")).isEqualTo("1");
        tell.view(START + 3, SCORES, 30_000, score(0, 1, START + 3));
        assertThat(tell.cell("match/home_score")).isEqualTo("1");
        assertThat(tell.cell("match/away_score")).isEqualTo("0");
        tell.manual(START + 4, document(null, List.of(), List.of()));
        assertThat(tell.cell("match/away_score")).isEqualTo("1");
    }

    @Test
    void anOperatorsOwnMatchIsOpenAtHisPrices() {
        Tell own = new Tell("manual:1");
        var h2h =
                new ManualDocument.Market("h2h", null, START, Prices.of(java.util.Map.of("home", 1900, "away", 1950)));
        own.manual(
                START,
                new ManualDocument(
                        fixture(START + 1000),
                        Phase.LIVE,
                        null,
                        null,
                        null,
                        List.of(h2h),
                        List.of(),
                        List.of(),
                        false));
        assertThat(own.cells).containsEntry("h2h/@status", "open").containsEntry("h2h/home", "1.9");
        own.manual(
                START + 5,
                new ManualDocument(
                        fixture(START + 1000),
                        Phase.LIVE,
                        null,
                        new Score(1, 0, false, START + 5),
                        null,
                        List.of(h2h),
                        List.of(),
                        List.of(),
                        false));
        own.wake(START + 60_000);
        assertThat(own.cell("h2h/@reasons")).isEqualTo("goal");
        own.manual(
                START + 70_000,
                new ManualDocument(null, null, null, null, null, List.of(), List.of(), List.of(), true));
        assertThat(own.last().kind()).isEqualTo(MarketUpdate.Kind.END);
    }

    private static ManualDocument document(
            @org.jspecify.annotations.Nullable Score score, List<ManualDocument.Market> markets, List<String> suspend) {
        return new ManualDocument(null, null, null, score, null, markets, List.of(), suspend, false);
    }
}
