package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One event loop over a long time, and when something goes wrong in it. */
class LoopTest {

    private final Stand stand = new Stand(Map.of());
    private final Loop loop = stand.hub.loops().get(0);
    private final Truth one = new Truth("m:1", 1, 1_000);
    private final Truth two = new Truth("m:2", 1, 2_000);
    private final Truth three = new Truth("m:3", 1, 3_000);

    @AfterEach
    void leave() {
        List.copyOf(stand.members).forEach(Stand.Member::leave);
    }

    private Stand.Member matches(int rateMs, String... ids) {
        Stand.Member member = stand.enter(new Reader());
        member.subscribe(1, new Select.Matches(new TreeSet<>(List.of(ids))), Columns.ALL, rateMs, Map.of());
        return member;
    }

    @Test
    void whatIsDueLaterIsWaitedForOnce() {
        stand.tell(one.begin("live", "epl"), two.begin("live", "epl"), three.begin("live", "epl"));
        matches(10, "m:1");
        matches(5_000, "m:2");
        matches(8_000, "m:3");
        for (int i = 0; i < 100; i++) {
            for (Truth truth : List.of(one, two, three)) {
                stand.tell(truth.patch(Map.of("h2h/home", "3." + (i + 1))));
            }
            stand.pass(10);
        }
        stand.pass(3_900);
        long before = stand.counters.passes.sum();
        stand.pass(200);
        assertThat(stand.counters.passes.sum() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void whatClosesAMarketOvertakesThePricesThatAreBeingWritten() {
        stand.tell(one.begin("live", "epl"), two.begin("live", "epl"));
        List<Stand.Member> crowd = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            crowd.add(matches(0, "m:1", "m:2"));
        }
        List<Integer> before = crowd.stream().map(member -> member.reader.texts).toList();
        stand.tellAmidst(List.of(two.patch(Map.of("h2h/@status", "suspended"))));
        stand.tell(one.patch(Map.of("h2h/home", "3.1")));
        assertThat(stand.hasToldAmidst()).isTrue();
        crowd.forEach(Stand.Member::read);
        assertThat(crowd).allSatisfy(member -> {
            assertThat(member.reader.holding("m:1").cells).isEqualTo(one.cells);
            assertThat(member.reader.holding("m:2").cells).isEqualTo(two.cells);
        });
        // The first had the price already; the others get both together.
        assertThat(IntStream.range(0, 4).map(i -> crowd.get(i).reader.texts - before.get(i)))
                .containsExactly(2, 1, 1, 1);
    }

    @Test
    void aPriceHeardOfAmidstARoundGoesWithTheNext() {
        stand.tell(one.begin("live", "epl"), two.begin("live", "epl"));
        Stand.Member member = matches(0, "m:1", "m:2");
        stand.tellAmidst(List.of(two.patch(Map.of("h2h/home", "1.5"))));
        stand.tell(one.patch(Map.of("h2h/home", "3.1")));
        assertThat(stand.hasToldAmidst()).isTrue();
        stand.pass(1);
        member.read();
        assertThat(member.reader.holding("m:2").cells).isEqualTo(two.cells);
    }

    @Test
    void oneWhoCannotBeServedIsSentAwayAndTheOthersNoticeNothing() {
        stand.tell(one.begin("live", "epl"));
        boolean[] broken = {false};
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            public boolean isWritable() {
                if (broken[0]) {
                    throw new IllegalStateException("broken");
                }
                return super.isWritable();
            }
        };
        Client bad = new Client(loop, channel, Wire.WEBSOCKET, Grant.ANYTHING);
        loop.enter(bad);
        bad.subscribe(Map.of(1L, new Wanted.Part(new Select.All(), Columns.ALL, 0)), Map.of());
        Stand.Member good = matches(0, "m:1");
        broken[0] = true;

        stand.tell(one.patch(Map.of("h2h/home", "3.1")));
        good.read();
        assertThat(good.reader.holding("m:1").cells).isEqualTo(one.cells);
        for (int i = 0; i < 3; i++) {
            good.reader.alive = null;
            stand.beat();
            stand.pass(1_000);
            good.read();
            assertThat(good.reader.alive).isNotNull();
        }
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void whoAsksForNothingHearsThatTheRelayLives() {
        Stand.Member member = stand.enter(new Reader());
        member.client.ping(null);
        member.read();
        assertThat(member.reader.alive().path("late").asBoolean()).isFalse();
        member.reader.alive = null;
        stand.beat();
        stand.pass(1_000);
        member.read();
        assertThat(member.reader.alive).isNotNull();
    }
}
