package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;
import static touchline.book.Tell.ODDS;
import static touchline.book.Tell.SCORES;
import static touchline.book.Tell.START;
import static touchline.book.Tell.full;
import static touchline.book.Tell.h2h;
import static touchline.book.Tell.score;

import java.util.List;
import org.junit.jupiter.api.Test;
import touchline.feed.Fixture;
import touchline.feed.ManualDocument;
import touchline.feed.Score;
import touchline.feed.View;

class ScoreWithoutNumbersTest {

    private final Tell tell = new Tell("oddsapi:m1");

    @Test
    void aMatchThatIsCompletedWithoutNumbersIsOver() {
        live("soccer_epl", START).view(START + 1, SCORES, without(true, START + 1));
        assertThat(tell.cell("match/ended")).isEqualTo("completed");
        assertThat(tell.cells).doesNotContainKey("match/home_score");
    }

    @Test
    void itEndsAtTheLastScoreThatWasKnown() {
        live("soccer_epl", START)
                .view(START + 1, SCORES, score(2, 1, START))
                .view(START + 2, SCORES, without(true, START + 2));
        assertThat(tell.cell("match/ended")).isEqualTo("completed");
        assertThat(tell.cell("match/home_score")).isEqualTo("2");
    }

    @Test
    void aScoreThatCanNoLongerBeReadSuspendsUntilOneCan() {
        live("soccer_epl", START)
                .view(START + 1, SCORES, score(0, 0, START))
                .view(START + 2, SCORES, without(false, START + 2));
        assertThat(tell.cell("h2h/@reasons")).isEqualTo("source_silent");
        assertThat(tell.cells).doesNotContainKey("match/home_score");
        live("soccer_epl", START + 30_000);
        assertThat(tell.cell("h2h/@status")).isEqualTo("suspended");
        tell.view(START + 31_000, SCORES, score(0, 0, START + 31_000));
        live("soccer_epl", START + 40_000);
        assertThat(tell.cell("h2h/@status")).isEqualTo("open");
    }

    @Test
    void anOperatorsScoreStandsInForOneThatCannotBeRead() {
        live("soccer_epl", START).view(START + 1, SCORES, score(0, 0, START));
        tell.manual(
                START + 2,
                new ManualDocument(
                        null, null, null, new Score(0, 0, false, START), null, List.of(), List.of(), List.of(), false));
        tell.view(START + 3, SCORES, without(false, START + 3));
        assertThat(tell.cell("h2h/@status")).isEqualTo("open");
    }

    @Test
    void whereAScoreNeverWasANumberOrDoesNotSuspendItSuspendsNothing() {
        live("soccer_epl", START).view(START + 1, SCORES, without(false, START + 1));
        assertThat(tell.cell("h2h/@status")).isEqualTo("open");
        Tell cricket = new Tell("oddsapi:m2");
        live(cricket, "cricket_ipl", START)
                .view(START + 1, SCORES, score(12, 0, START))
                .view(START + 2, SCORES, without(false, START + 2));
        assertThat(cricket.cell("h2h/@status")).isEqualTo("open");
    }

    private Tell live(String sport, long t) {
        return live(tell, sport, t);
    }

    private static Tell live(Tell tell, String sport, long t) {
        Fixture fixture = new Fixture(sport, "League", "Arsenal", "Chelsea", START - 60_000);
        return tell.view(t, ODDS, full(fixture, h2h("a", t, 2.0, 3.4, 3.8), h2h("b", t, 2.1, 3.3, 3.7)));
    }

    private static View without(boolean completed, long at) {
        Score score = Score.withoutNumbers(completed, at);
        return new View(false, false, null, List.of(), List.of(), List.of(), score, List.of());
    }
}
