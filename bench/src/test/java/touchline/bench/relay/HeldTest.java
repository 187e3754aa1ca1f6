package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import touchline.bench.relay.Held.Verdict;
import touchline.update.MarketUpdate;
import touchline.update.Position;

class HeldTest {

    private final Frames frames = new Frames(Dialect.RELAY);
    private final Held held = new Held();
    private final Fixture fixture = new Fixture(7, 1000);

    @Test
    void takesAnImageAndThePatchesThatFollow() throws Exception {
        assertThat(take(Bare.message(fixture.image()))).containsExactly(Verdict.TAKEN);
        assertThat(take(Bare.message(fixture.price(1_500)))).containsExactly(Verdict.TAKEN);
        assertThat(take(Bare.message(fixture.suspend(2_000)))).containsExactly(Verdict.TAKEN);
        assertThat(take(Bare.message(fixture.open()))).containsExactly(Verdict.TAKEN);

        assertThat(held.position(0)).isEqualTo(new Position(1, 1000, 4));
        assertThat(held.stamp(0)).isEqualTo(1_500);
        assertThat(held.have(frames)).isEqualTo("{\"bench:7\":[\"1.1000-4\"]}");
    }

    @Test
    void countsTheMessagesOfOneFrameOneByOne() throws Exception {
        String first = Bare.message(fixture.image());
        String second = Bare.message(fixture.price(1_500));

        assertThat(take("[" + first + "," + second + "]")).containsExactly(Verdict.TAKEN, Verdict.TAKEN);
    }

    @Test
    void seesAGapAndTakesNothingOfIt() throws Exception {
        take(Bare.message(fixture.image()));
        fixture.price(1_000);

        assertThat(take(Bare.message(fixture.price(1_500)))).containsExactly(Verdict.GAP);
        assertThat(held.position(0)).isEqualTo(new Position(1, 1000, 1));
    }

    @Test
    void seesAStepBack() throws Exception {
        MarketUpdate image = fixture.image();
        take(Bare.message(image));
        String patch = Bare.message(fixture.price(1_500));
        take(patch);

        assertThat(take(patch)).containsExactly(Verdict.BACK);
        assertThat(take(Bare.message(image))).containsExactly(Verdict.BACK);
    }

    @Test
    void seesAPriceThatIsNotTheOneOfTheChecksum() throws Exception {
        take(Bare.message(fixture.image()));
        String patch = Bare.message(fixture.price(1_500));

        assertThat(take(patch.replace("3.001", "3.002"))).containsExactly(Verdict.WRONG_SUM);
    }

    @Test
    void isEqualOnlyToThePositionAndTheSumsThatItHolds() throws Exception {
        MarketUpdate image = fixture.image();
        take(Bare.message(image));
        List<Long> sums = new ArrayList<>();
        for (int group = 0; group < 4; group++) {
            sums.add(Long.parseUnsignedLong(String.valueOf(image.sums().get(frames.groupName(group))), 16));
        }

        assertThat(held.matches(List.of(new Held.Expected(0, image.position(), sums))))
                .isTrue();
        assertThat(held.matches(List.of(new Held.Expected(0, image.position().next(), sums))))
                .isFalse();
        assertThat(held.matches(List.of(new Held.Expected(0, image.position(), List.of(1L)))))
                .isFalse();
    }

    @Test
    void parsesEqualFramesOnce() throws Exception {
        String image = Bare.message(fixture.image());
        List<Message> first = read(image);

        assertThat(read(image)).isSameAs(first);
        assertThat(frames.parsed()).isEqualTo(1);
        assertThat(read(image.replace("3.7", "3.8"))).isNotSameAs(first);
    }

    @Test
    void refusesWhatIsNoMessage() throws Exception {
        for (String text :
                new String[] {"", "[]", "{\"op\":\"what\"}", "[{\"op\":\"alive\"}", "{\"op\":\"alive\"}{}", "7"}) {
            assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void carriesATimeInAPriceToTheMicrosecond() throws Exception {
        for (long micros : new long[] {0, 1, 10, 120, 1_000, 1_001, 1_010, 1_100, 123_456_789, 500_000_000}) {
            assertThat(Clock.micros(Clock.price(micros))).isEqualTo(micros);
        }
        assertThat(Clock.price(1_230_500)).isEqualTo("1230.5");
    }

    private List<Verdict> take(String frame) {
        List<Verdict> verdicts = new ArrayList<>();
        read(frame).forEach(message -> verdicts.add(held.take(message, frames)));
        return verdicts;
    }

    private List<Message> read(String frame) {
        byte[] bytes = ("  " + frame).getBytes(UTF_8);
        return frames.read(bytes, 2, bytes.length);
    }
}
