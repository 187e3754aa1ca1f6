package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import touchline.update.MarketUpdate;

/** What a match is wanted under changes when the match itself is selected by something else. */
class ChangingColumnsTest {

    private static final Columns H2H = Columns.of(List.of("h2h"));

    private final Stand stand = new Stand(Map.of());
    private final Reader reader = new Reader();
    private final Truth truth = Truth.some(1).get(0);

    @Test
    void whoReadsAgainGetsAnImageOnceTheMatchIsWantedUnderOtherColumns() {
        stand.tell(truth.begin("live", "epl"));
        stand.tell(truth.patch(Map.of("btts/home", "2")));
        Stand.Member member = stand.enter(reader);
        member.client.subscribe(live(), Map.of());
        member.read();
        member.reads(false);
        stand.tell(truth.patch(Map.of("h2h/home", "3")));
        stand.tell(truth.patch(Map.of("match/phase", "upcoming")));
        stand.pass(1_000);
        member.reads(true);
        member.read();
        assertThat(holding().cells).isEqualTo(truth.seenBy(Columns.ALL));
    }

    @Test
    void whoStandsFurtherGetsAnImageOnceTheMatchIsWantedUnderOtherColumns() {
        MarketUpdate begin = truth.begin("live", "epl");
        MarketUpdate patch = truth.patch(Map.of("btts/home", "2"));
        Stand other = new Stand(Map.of());
        other.tell(begin, patch);
        Stand.Member there = other.enter(reader);
        there.client.subscribe(live(), Map.of());
        there.read();
        stand.tell(begin);
        Stand.Member here = stand.enter(reader);
        here.client.subscribe(live(), reader.have(H2H));
        here.read();
        stand.tell(patch);
        stand.tell(truth.patch(Map.of("match/phase", "upcoming", "totals/home", "4")));
        stand.pass(1_000);
        here.read();
        assertThat(holding().cells).isEqualTo(truth.seenBy(Columns.ALL));
    }

    @Test
    void aViewThatWasMadeInAPassingMomentIsConsideredAgain() {
        stand.tell(truth.begin("live", "epl"));
        stand.tell(truth.patch(Map.of("btts/home", "2")));
        stand.board.update(0, truth.patch(Map.of("match/phase", "upcoming")));
        Stand.Member member = stand.enter(reader);
        member.client.subscribe(live(), Map.of());
        stand.tell(truth.patch(Map.of("match/phase", "live")));
        stand.pass(1_000);
        member.read();
        assertThat(holding().cells).isEqualTo(truth.seenBy(H2H));
    }

    @Test
    void aMarketThatIsLetGoIsTakenAwayAlsoFromWhoStandsFurtherThanThoseWhoNeverHadIt() {
        stand.tell(truth.begin("live", "epl"));
        Stand.Member list = stand.enter(new Reader());
        list.subscribe(1, new Select.Phase("live"), H2H, 0, Map.of());
        Stand.Member page = stand.enter(reader);
        page.subscribe(1, new Select.Phase("live"), H2H, 0, Map.of());
        page.subscribe(2, new Select.Phase("live"), Columns.of(List.of("btts")), 0, Map.of());
        stand.tell(truth.patch(Map.of("btts/home", "2", "btts/@status", "open")));
        page.read();
        assertThat(holding().cells).containsEntry("btts/home", "2");

        page.client.unsubscribe(2);
        stand.pass(1_000);
        page.read();
        assertThat(holding().cells).isEqualTo(truth.seenBy(H2H));

        stand.tell(truth.patch(Map.of("h2h/home", "3")));
        page.read();
        assertThat(holding().cells).isEqualTo(truth.seenBy(H2H));
    }

    @Test
    void aMarketThatIsAskedForIsThereAlsoForWhoStandsFurtherThanThoseWhoHaveIt() {
        stand.tell(truth.begin("live", "epl"));
        stand.tell(truth.patch(Map.of("btts/home", "2", "btts/@status", "open")));
        Columns btts = Columns.of(List.of("btts"));
        Stand.Member other = stand.enter(new Reader());
        other.subscribe(1, new Select.Phase("live"), btts, 0, Map.of());
        Stand.Member page = stand.enter(reader);
        page.subscribe(1, new Select.Phase("live"), H2H, 0, Map.of());
        stand.tell(truth.patch(Map.of("h2h/home", "3")));
        page.read();

        page.subscribe(1, new Select.Phase("live"), btts, 0, Map.of());
        stand.pass(1_000);
        page.read();
        assertThat(holding().cells).isEqualTo(truth.seenBy(btts));
    }

    @Test
    void aMarketThatTheTokenDoesNotAllowAnyMoreIsTakenAwayFromWhoComesBackWithIt() {
        stand.tell(truth.begin("live", "epl"));
        stand.tell(truth.patch(Map.of("btts/home", "2", "btts/@status", "open")));
        Columns both = Columns.of(List.of("btts", "h2h"));
        Stand.Member before = stand.enter(reader);
        before.subscribe(1, new Select.Phase("live"), both, 0, Map.of());
        before.leave();

        Stand.Member again = stand.enter(reader, new Grant("ann", Long.MAX_VALUE, List.of(), Set.of("h2h")));
        again.subscribe(1, new Select.Phase("live"), both, 0, reader.have(both));
        stand.pass(1_000);
        again.read();
        assertThat(holding().cells).isEqualTo(truth.seenBy(H2H));
    }

    /** Live matches for a list, and all of what is to come. */
    private static Map<Long, Wanted.Part> live() {
        return Map.of(
                1L,
                new Wanted.Part(new Select.Phase("live"), H2H, 0),
                2L,
                new Wanted.Part(new Select.Phase("upcoming"), Columns.ALL, 0));
    }

    private Reader.Holding holding() {
        Reader.Holding holding = reader.held.get(truth.match);
        assertThat(holding).isNotNull();
        return holding;
    }
}
