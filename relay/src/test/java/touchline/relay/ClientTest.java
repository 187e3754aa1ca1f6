package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/** What one client is told, and when. */
class ClientTest {

    private final Stand stand = new Stand(Map.of());
    private final Reader reader = new Reader();
    private final Truth one = new Truth("m:1", 1, 1_000);
    private final Truth two = new Truth("m:2", 1, 2_000);

    private Stand.Member live(Columns columns, int rateMs) {
        Stand.Member member = stand.enter(reader);
        member.subscribe(1, new Select.Phase("live"), columns, rateMs, Map.of());
        return member;
    }

    private static Select matches(String... ids) {
        return new Select.Matches(new TreeSet<>(List.of(ids)));
    }

    @Test
    void aMatchThatGoesLiveEntersByItselfAndLeavesAgain() {
        stand.tell(one.begin("upcoming", "epl"));
        Stand.Member member = live(Columns.ALL, 0);
        assertThat(reader.ready).containsExactly(1L);
        assertThat(reader.held).isEmpty();

        stand.tell(one.patch(Map.of("match/phase", "live")));
        member.read();
        assertThat(reader.holding("m:1").cells).isEqualTo(one.cells);

        stand.tell(one.patch(Map.of("match/phase", "upcoming")));
        member.read();
        assertThat(reader.gone).containsEntry("m:1", "left");
    }

    @Test
    void anEndedMatchIsGoneAndOneThatMovedSaysWhereTo() {
        stand.tell(one.begin("live", "epl"), two.begin("live", "epl"));
        Stand.Member member = live(Columns.ALL, 0);
        stand.tell(one.whole(MarketUpdate.Kind.END));
        two.cells.put("match/moved_to", "m:3");
        stand.tell(two.whole(MarketUpdate.Kind.END));
        member.read();
        assertThat(reader.gone).isEqualTo(Map.of("m:1", "ended", "m:2", "moved"));
        assertThat(reader.held).isEmpty();
    }

    @Test
    void aRateHoldsChangesBackAndMergesThem() {
        stand.tell(one.begin("live", "epl"));
        Stand.Member member = live(Columns.ALL, 500);
        for (int i = 1; i <= 3; i++) {
            stand.tell(one.patch(Map.of("h2h/home", "3." + i)));
        }
        member.read();
        assertThat(reader.patches).isZero();
        stand.pass(500);
        stand.beat();
        member.read();
        assertThat(reader.patches).isEqualTo(1);
        assertThat(reader.holding("m:1").cells).isEqualTo(one.cells);
    }

    @Test
    void noRateHoldsASuspensionBack() {
        stand.tell(one.begin("live", "epl"));
        Stand.Member member = live(Columns.ALL, 60_000);
        stand.tell(one.patch(Map.of("h2h/home", "3.1")));
        stand.tell(one.patch(Map.of("h2h/@status", "suspended")));
        member.read();
        assertThat(reader.holding("m:1").cells).isEqualTo(one.cells);
    }

    @Test
    void whoReadsAgainHearsFirstOfWhatClosed() {
        for (int i = 0; i < 5; i++) {
            stand.tell(new Truth("a:" + i, 1, 100 + i).begin("live", "epl"));
        }
        stand.tell(one.begin("live", "epl"), two.begin("live", "epl"));
        Stand.Member member = live(Columns.ALL, 0);
        member.reads(false);
        stand.tell(one.patch(Map.of("h2h/home", "3.1")));
        for (int i = 0; i < 100; i++) {
            stand.tell(two.patch(Map.of("h2h/home", "4." + (i + 1), "h2h/@status", i == 50 ? "suspended" : "open")));
        }
        reader.order.clear();
        int before = reader.patches;
        member.reads(true);
        assertThat(reader.order).containsExactly("m:2", "m:1");
        assertThat(reader.patches - before)
                .as("one patch a match, however much happened")
                .isEqualTo(2);
        assertThat(reader.holding("m:2").cells).isEqualTo(two.cells);
    }

    @Test
    void otherColumnsComeAsAnImage() {
        stand.tell(one.begin("live", "epl"));
        stand.tell(one.patch(Map.of("totals:3.5/over", "1.9", "btts/yes", "1.8")));
        Stand.Member member = live(Columns.of(List.of("h2h")), 0);
        assertThat(reader.holding("m:1").cells).isEqualTo(one.seenBy(Columns.of(List.of("h2h"))));

        member.subscribe(2, new Select.All(), Columns.of(List.of("totals")), 0, Map.of());
        assertThat(reader.images).isEqualTo(2);
        assertThat(reader.holding("m:1").cells).isEqualTo(one.seenBy(Columns.of(List.of("h2h", "totals"))));

        member.client.unsubscribe(1);
        member.read();
        assertThat(reader.holding("m:1").cells).isEqualTo(one.seenBy(Columns.of(List.of("totals"))));

        member.client.unsubscribe(2);
        member.read();
        assertThat(reader.gone).containsEntry("m:1", "left");
    }

    @Test
    void whatNobodyOfHisColumnsSeesIsNotSent() {
        stand.tell(one.begin("live", "epl"));
        Stand.Member member = live(Columns.of(List.of("totals")), 0);
        stand.tell(one.patch(Map.of("h2h/home", "3.1")));
        member.read();
        assertThat(reader.patches).isZero();
        stand.tell(one.patch(Map.of("totals/over", "1.9")));
        member.read();
        assertThat(reader.patches).isEqualTo(1);
        assertThat(reader.holding("m:1").position).isEqualTo(one.position);
    }

    @Test
    void everybodyIsToldAtOnceThatNobodyVouchesForTheShardAnyMore() {
        stand.tell(one.begin("live", "epl"));
        Stand.Member member = live(Columns.ALL, 0);
        stand.pass(2_900);
        member.read();
        assertThat(reader.alive().path("late").asBoolean()).isFalse();
        stand.pass(200);
        member.read();
        assertThat(reader.alive().path("late").asBoolean()).isTrue();
        assertThat(reader.alive().path("lagMs").asLong()).isGreaterThanOrEqualTo(3_000);
        stand.beat();
        stand.pass(100);
        member.read();
        assertThat(reader.alive().path("late").asBoolean()).isFalse();
    }

    @Test
    void aSilentSourceIsNoLatePipeline() {
        stand.tell(one.begin("live", "epl"));
        Stand.Member member = live(Columns.ALL, 0);
        stand.tell(one.patch(Map.of("match/feed", "stale")));
        stand.pass(100);
        member.read();
        assertThat(reader.alive().path("feed").asText()).isEqualTo("stale");
        assertThat(reader.alive().path("late").asBoolean()).isFalse();
    }

    @Test
    void aliveComesEverySecond() {
        stand.tell(one.begin("live", "epl"));
        Stand.Member member = live(Columns.ALL, 0);
        for (int i = 0; i < 5; i++) {
            reader.alive = null;
            stand.beat();
            stand.pass(1_000);
            member.read();
            assertThat(reader.alive).isNotNull();
        }
    }

    @Test
    void aMatchOfAnOlderGenerationIsNamed() {
        stand.tell(one.begin("live", "epl"));
        Stand.Member member = live(Columns.ALL, 0);
        stand.board.beat(0, stand.wallMs(), 2);
        stand.pass(1_000);
        member.read();
        assertThat(reader.alive().path("behind")).extracting(JsonNode::asText).containsExactly("m:1");

        Truth again = new Truth("m:1", 2, 3_000);
        stand.tell(again.begin("live", "epl"));
        stand.pass(1_000);
        member.read();
        assertThat(reader.alive().has("behind")).isFalse();
        assertThat(reader.holding("m:1").position).isEqualTo(again.position);
    }

    @Test
    void whoIsAheadKeepsWhatHeHoldsAndIsLateUntilItWasPassed() {
        stand.tell(one.begin("live", "epl"));
        MarketUpdate untold = one.patch(Map.of("h2h/home", "3.1"));
        reader.held.put("m:1", new Reader.Holding(one.position, new java.util.TreeMap<>(one.cells)));
        Stand.Member member = stand.enter(reader);
        member.subscribe(1, matches("m:1"), Columns.ALL, 0, reader.have(Columns.ALL));
        stand.pass(1_000);
        stand.beat();
        member.read();
        assertThat(reader.ready).containsExactly(1L);
        assertThat(reader.images).isZero();
        assertThat(reader.alive().path("late").asBoolean()).isTrue();

        stand.tell(untold);
        stand.tell(one.patch(Map.of("h2h/home", "3.2")));
        stand.pass(1_000);
        member.read();
        assertThat(reader.images).isZero();
        assertThat(reader.holding("m:1").cells).isEqualTo(one.cells);
        assertThat(reader.alive().path("late").asBoolean()).isFalse();
    }

    @Test
    void whoIsAheadOfAMatchThatEndsIsReadyAllTheSame() {
        stand.tell(one.begin("live", "epl"));
        reader.held.put("m:1", new Reader.Holding(new Position(1, 1_000, 9), new java.util.TreeMap<>(one.cells)));
        Stand.Member member = stand.enter(reader);
        member.reads(false);
        member.subscribe(1, matches("m:1"), Columns.ALL, 0, reader.have(Columns.ALL));
        stand.tell(one.whole(MarketUpdate.Kind.END));
        member.reads(true);
        assertThat(reader.ready).containsExactly(1L);
        assertThat(reader.gone).isEmpty();
        assertThat(reader.alive).isNull();
        stand.pass(1_000);
        member.read();
        assertThat(reader.alive().path("late").asBoolean()).isTrue();
    }

    @Test
    void aMatchThatARelayDoesNotKnowYetIsNotTakenAway() {
        Reader other = new Reader();
        Truth unknown = new Truth("m:9", 1, 9_000);
        unknown.begin("live", "epl");
        other.held.put("m:9", new Reader.Holding(unknown.position, new java.util.TreeMap<>(unknown.cells)));
        stand.pass(4_000);
        Stand.Member member = stand.enter(other);
        member.subscribe(1, matches("m:9"), Columns.ALL, 0, other.have(Columns.ALL));
        assertThat(other.gone).isEmpty();
        assertThat(other.alive().path("late").asBoolean()).isTrue();

        stand.beat();
        stand.pass(1_000);
        member.read();
        assertThat(other.gone).containsEntry("m:9", "left");
    }

    @Test
    void aDroppedMatchLeaves() {
        stand.tell(one.begin("live", "epl"));
        Stand.Member member = live(Columns.ALL, 0);
        stand.board.complete(0, java.util.Set.of());
        for (int i = 0; i < 910; i++) {
            stand.pass(1_000);
            stand.beat();
        }
        stand.pass(100);
        member.read();
        assertThat(reader.gone).containsEntry("m:1", "left");
    }

    @Test
    void tooManyRemovedCellsMakeAnImageOfAPatch() {
        Stand small = new Stand(Map.of("relay.removedMax", "3"));
        small.tell(one.begin("live", "epl"));
        for (int i = 0; i < 10; i++) {
            small.tell(one.patch(Map.of("totals:" + i + "/over", "2")));
        }
        Stand.Member member = small.enter(reader);
        member.subscribe(1, matches("m:1"), Columns.ALL, 0, Map.of());
        member.reads(false);
        for (int i = 0; i < 10; i++) {
            Map<String, @org.jspecify.annotations.Nullable String> gone = new HashMap<>();
            gone.put("totals:" + i + "/over", null);
            small.tell(one.patch(gone));
        }
        member.reads(true);
        assertThat(reader.images).isEqualTo(2);
        assertThat(reader.holding("m:1").cells).isEqualTo(one.cells);
    }

    @Test
    void aJumpInPositionIsRefusedAndTheNextImageHeals() {
        stand.tell(one.begin("live", "epl"));
        Stand.Member member = live(Columns.ALL, 0);
        MarketUpdate lost = one.patch(Map.of("h2h/home", "3.1", "btts/yes", "2"));
        assertThat(stand.tell(one.patch(Map.of("h2h/home", "3.2")))).isFalse();
        assertThat(lost.position()).isEqualTo(new Position(1, 1_000, 2));
        stand.board.image(0, one.now(MarketUpdate.Kind.IMAGE));
        stand.board.flush();
        stand.run();
        member.read();
        assertThat(reader.images)
                .as("healed by a patch, made from the difference")
                .isEqualTo(1);
        assertThat(reader.holding("m:1").cells).isEqualTo(one.cells);
    }
}
