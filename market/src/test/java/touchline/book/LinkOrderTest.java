package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;
import static touchline.book.Tell.ODDS;
import static touchline.book.Tell.START;
import static touchline.book.Tell.fixture;
import static touchline.book.Tell.full;
import static touchline.book.Tell.h2h;
import static touchline.book.Tell.quotes;
import static touchline.book.Tell.stamps;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import touchline.feed.FeedRecord;
import touchline.feed.Kind;
import touchline.feed.Link;
import touchline.feed.ManualDocument;
import touchline.feed.Quote;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.Seq;
import touchline.feed.Stamp;
import touchline.feed.View;

/** Another match is linked in the place of one; two writers say so, each in its own order, and the log takes any. */
class LinkOrderTest {

    private static final String MATCH = "manual:7";
    private static final String OLD = "oddsapi:old";
    private static final String NEW = "oddsapi:new";

    @Test
    void whicheverIsHeardFirstTheNewOneSpeaksAndTheOldOneDoesNot() {
        List<FeedRecord> old = List.of(
                link(OLD, 1, true),
                view(OLD, 1, full(fixture(START + 3_600_000), quote("a", 2.0), quote("b", 2.0))),
                // Its own clock is ahead of the other writer's.
                view(OLD, 9_000, quotes(quote("a", 2.2))),
                link(OLD, 2, false));
        List<FeedRecord> young = List.of(
                link(NEW, 1, true),
                view(NEW, 5_000, full(fixture(START + 3_600_000), quote("a", 3.0), quote("b", 3.0))),
                view(NEW, 5_001, quotes(quote("b", 3.2))));
        List<List<FeedRecord>> orders = new ArrayList<>();
        interleave(old, young, List.of(), orders);
        assertThat(orders).hasSize(35);
        for (List<FeedRecord> order : orders) {
            Tell tell = told(order);
            long later = START + 60_000;
            tell.hear(view(NEW, 6_000, stamps(new Stamp("a", "h2h", later), new Stamp("b", "h2h", later))), later);
            assertThat(tell.cell("h2h/home")).as("%s", order).isEqualTo("3.1");
            assertThat(tell.cell("h2h/@status")).as("%s", order).isEqualTo("open");
            assertThat(tell.refused).as("%s", order).isEmpty();
        }
    }

    @Test
    void whatAMatchSaysThatIsNoLongerLinkedIsRefused() {
        Tell tell = told(List.of(
                link(OLD, 1, true),
                view(OLD, 1, full(fixture(START + 3_600_000), quote("a", 2.0), quote("b", 2.0))),
                link(OLD, 2, false),
                view(OLD, 2, quotes(quote("a", 2.2)))));
        assertThat(tell.refused).extracting(Refused::reason).containsExactly(Refusal.MATCH_MOVED);
        assertThat(tell.cell("h2h/@status")).isNotEqualTo("open");
    }

    @Test
    void aMatchThatIsLinkedAgainSpeaksAgain() {
        Tell tell = told(List.of(
                link(OLD, 1, true),
                link(OLD, 2, false),
                link(OLD, 3, true),
                view(OLD, 1, full(fixture(START + 3_600_000), quote("a", 2.0), quote("b", 2.0)))));
        assertThat(tell.cell("h2h/@status")).isEqualTo("open");
    }

    @Test
    void aLinkIsKnownAlsoWhenItsMatchBeginsLater() {
        Tell tell = new Tell(MATCH);
        tell.hear(link(OLD, 1, true), START).hear(link(OLD, 2, false), START + 1);
        tell.manual(START + 2, document());
        tell.hear(view(OLD, 1, full(fixture(START + 3_600_000), quote("a", 2.0), quote("b", 2.0))), START + 3);
        assertThat(tell.refused).extracting(Refused::reason).containsExactly(Refusal.MATCH_MOVED);
    }

    private static Tell told(List<FeedRecord> records) {
        Tell tell = new Tell(MATCH).manual(START, document());
        long t = START;
        for (FeedRecord record : records) {
            tell.hear(record, ++t);
        }
        return tell;
    }

    private static ManualDocument document() {
        return new ManualDocument(
                fixture(START + 3_600_000), null, null, null, null, List.of(), List.of(), List.of(), false);
    }

    private static Quote quote(String bookmaker, double home) {
        return h2h(bookmaker, START, home, 3.4, 3.4);
    }

    private static FeedRecord link(String from, long rev, boolean linked) {
        Link link = new Link(Link.Direction.FROM, from, linked);
        return new FeedRecord(MATCH, "links/links", new Seq(1, rev), START, START, 0, Kind.LINK, link);
    }

    private static FeedRecord view(String from, long n, View view) {
        return new FeedRecord(MATCH, ODDS, from, new Seq(1, n), START, START, 60_000, view.kind(), view);
    }

    private static void interleave(
            List<FeedRecord> a, List<FeedRecord> b, List<FeedRecord> begun, List<List<FeedRecord>> all) {
        if (a.isEmpty() && b.isEmpty()) {
            all.add(begun);
        }
        if (!a.isEmpty()) {
            interleave(a.subList(1, a.size()), b, with(begun, a.get(0)), all);
        }
        if (!b.isEmpty()) {
            interleave(a, b.subList(1, b.size()), with(begun, b.get(0)), all);
        }
    }

    private static List<FeedRecord> with(List<FeedRecord> begun, FeedRecord next) {
        List<FeedRecord> longer = new ArrayList<>(begun);
        longer.add(next);
        return longer;
    }
}
