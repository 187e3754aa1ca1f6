package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import touchline.bench.relay.Held.Verdict;
import touchline.update.Position;

/** What centrifuge sends, as it was seen on the wire. */
class CentrifugeDialectTest {

    private final Frames frames = new Frames(Dialect.CENTRIFUGE);
    private final Held held = new Held();
    private final Fixture fixture = new Fixture(7, 1000);

    @Test
    void namesTheChannelsWhenItConnects() {
        assertThat(Dialect.CENTRIFUGE.hello("[\"bench:7\"]", "", "{}"))
                .isEqualTo("{\"id\":1,\"connect\":{\"data\":[\"bench:7\"]}}");
    }

    @Test
    void isReadyWhenTheConnectCommandIsAnswered() {
        List<Message> messages = read(
                "{\"id\":1,\"connect\":{\"client\":\"2f\",\"version\":\"\","
                        + "\"subs\":{\"bench:7\":{\"recoverable\":true,\"epoch\":\"JDeR\",\"positioned\":true}},\"ping\":25,\"pong\":true}}");

        assertThat(messages).extracting(message -> message.op).containsExactly(Message.Op.READY);
    }

    @Test
    void takesTheMessagesOfSeveralPublicationsInOneFrame() throws Exception {
        String image = push("bench:7", Bare.message(fixture.image()), "");
        String first = push("bench:7", Bare.message(fixture.price(1_500)), ",\"offset\":2");
        String second = push("bench:7", Bare.message(fixture.price(2_500)), ",\"offset\":3");

        assertThat(take(image + "\n" + first + "\n" + second))
                .containsExactly(Verdict.TAKEN, Verdict.TAKEN, Verdict.TAKEN);
        assertThat(held.position(frames.match("bench:7"))).isEqualTo(new Position(1, 1000, 3));
        assertThat(held.stamp(frames.match("bench:7"))).isEqualTo(2_500);
    }

    @Test
    void seesAPublicationThatWasLost() throws Exception {
        take(push("bench:7", Bare.message(fixture.image()), ""));
        fixture.price(1_000);

        assertThat(take(push("bench:7", Bare.message(fixture.price(1_500)), "")))
                .containsExactly(Verdict.GAP);
    }

    @Test
    void parsesEqualFramesOnce() throws Exception {
        String frame = push("bench:7", Bare.message(fixture.image()), "");

        assertThat(read(frame)).isSameAs(read(frame));
        assertThat(frames.parsed()).isEqualTo(1);
    }

    @Test
    void knowsAPingAndAnError() {
        assertThat(read("{}\n{\"id\":1,\"error\":{\"code\":107,\"message\":\"bad request\"}}"))
                .extracting(message -> message.op + " " + message.code)
                .containsExactly("PING 0", "ERROR 107");
    }

    @Test
    void refusesWhatIsNoReplyAndAMessageInAnotherMatchsChannel() throws Exception {
        String image = Bare.message(fixture.image());
        for (String text : new String[] {
            "",
            "[]",
            "7",
            image,
            "{}7",
            "{\"id\":1}",
            push("bench:8", image, ""),
            "{\"push\":{\"channel\":\"bench:7\"}}"
        }) {
            assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String push(String channel, String message, String more) {
        return "{\"push\":{\"channel\":\"" + channel + "\",\"pub\":{\"data\":" + message + more + "}}}";
    }

    private List<Verdict> take(String frame) {
        return read(frame).stream()
                .filter(message -> message.match >= 0)
                .map(message -> held.take(message, frames))
                .toList();
    }

    private List<Message> read(String frame) {
        byte[] bytes = ("  " + frame).getBytes(UTF_8);
        return frames.read(bytes, 2, bytes.length);
    }
}
