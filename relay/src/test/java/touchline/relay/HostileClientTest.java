package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import touchline.update.MarketUpdate;

/** What somebody who means harm can cost. */
class HostileClientTest {

    private final Stand stand = new Stand(Map.of());
    private final Loop loop = stand.hub.loops().get(0);
    private final Truth one = new Truth("m:1", 1, 1_000);
    private final Reader reader = new Reader();
    private boolean takes = true;
    private final EmbeddedChannel channel = new EmbeddedChannel() {
        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (takes) {
                super.doWrite(in);
            }
        }
    };
    private final Client client = new Client(loop, channel, Wire.WEBSOCKET, Grant.ANYTHING);

    HostileClientTest() {
        channel.freezeTime();
        channel.pipeline()
                .addLast(new WebSocketSession(
                        loop, client, new Conversation(client, Gate.anonymous(), stand.config), 1 << 18));
    }

    @AfterEach
    void leave() {
        channel.finishAndReleaseAll();
    }

    private void say(String json) {
        channel.writeInbound(new TextWebSocketFrame(json));
    }

    private void read() {
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            reader.frames(bytes);
            bytes.release();
        }
    }

    /** Reads nothing any more, and as much waits for him as may. */
    private void stops() {
        takes = false;
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    }

    private long pending() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        return out == null ? 0 : out.totalPendingWriteBytes();
    }

    private List<Integer> codes() {
        read();
        return reader.errors.stream().map(error -> error.path("code").asInt()).collect(Collectors.toList());
    }

    private static String sub(long id, String select) {
        return "{\"op\":\"sub\",\"id\":" + id + ",\"select\":" + select + "}";
    }

    private static String texts(int count, String name) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + name + i + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void pingsWithoutReadingFillNothing() {
        stops();
        for (int i = 0; i < 10_000 && channel.isOpen(); i++) {
            channel.writeInbound(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[125])));
        }
        assertThat(pending()).isLessThan(100_000);
    }

    @Test
    void whoNeverReadsIsClosedHoweverMuchHeSays() {
        stops();
        for (int i = 0; i < 15; i++) {
            say(sub(1, "{\"phase\":\"soon\"}"));
            stand.beat();
            stand.pass(1_000);
        }
        assertThat(stand.counters.slow.sum()).isEqualTo(1);
    }

    @Test
    void commandsCountWhetherTheyShareAMessageOrNot() {
        stand.tell(one.begin("live", "epl"));
        say(IntStream.range(0, 1_000)
                .mapToObj(i -> sub(1, "{\"all\":true}") + ",{\"op\":\"unsub\",\"id\":1}")
                .collect(Collectors.joining(",", "[", "]")));
        assertThat(codes()).containsExactly(CloseCode.TOO_MANY.code());
        assertThat(reader.ready.size()).isLessThan(300);
    }

    @Test
    void refusalsCountToo() {
        say(IntStream.range(0, 2_000)
                .mapToObj(i -> sub(i, "{\"all\":true}"))
                .collect(Collectors.joining(",", "[", "]")));
        assertThat(codes()).hasSizeLessThan(300).endsWith(CloseCode.TOO_MANY.code());
    }

    @Test
    void aComebackWithAllThatIsAllowedIsOneCommand() {
        say(IntStream.range(0, stand.config.subscriptions())
                .mapToObj(i -> sub(i, "{\"all\":true}"))
                .collect(Collectors.joining(",", "[", "]")));
        assertThat(codes()).isEmpty();
        assertThat(reader.ready).hasSize(stand.config.subscriptions());
    }

    @Test
    void aRefusalDoesNotRepeatAllThatWasSaid() {
        say(sub(1, "{\"" + "x".repeat(40_000) + "\":true}"));
        say("{\"op\":\"sub\",\"id\":2,\"select\":{\"all\":true},\"have\":{\"" + "y".repeat(40_000) + "\":[1]}}");
        assertThat(codes()).hasSize(2);
        assertThat(reader.errors)
                .allSatisfy(error ->
                        assertThat(error.path("reason").asText().length()).isLessThan(500));
    }

    @Test
    void theNamesOfAllSubscriptionsTogetherAreBounded() {
        say(sub(1, "{\"match\":" + texts(1_500, "m:") + "}"));
        say(sub(2, "{\"match\":" + texts(1_500, "n:") + "}"));
        say("{\"op\":\"sub\",\"id\":3,\"select\":{\"all\":true},\"markets\":" + texts(1_500, "t") + "}");
        assertThat(codes()).containsExactly(CloseCode.TOO_LARGE.code(), CloseCode.TOO_LARGE.code());
        say("{\"op\":\"unsub\",\"id\":1}");
        say(sub(2, "{\"match\":" + texts(1_500, "n:") + "}"));
        read();
        assertThat(reader.ready).containsExactly(1L, 2L);
    }

    @Test
    void claimsOfWhatIsNotThereDoNotPileUp() {
        stops();
        for (int i = 0; i < 40 && channel.isOpen(); i++) {
            String name = "x" + i + ":";
            say("{\"op\":\"sub\",\"id\":1,\"select\":{\"all\":true},\"have\":"
                    + IntStream.range(0, 5_000)
                            .mapToObj(each -> "\"" + name + each + "\":[\"1.1-1\"]")
                            .collect(Collectors.joining(",", "{", "}"))
                    + "}");
        }
        takes = true;
        channel.flush();
        assertThat(codes()).containsExactly(CloseCode.SLOW.code());
    }

    @Test
    void oddColumnsAreNotRemembered() {
        one.begin("live", "epl");
        MatchState state = MatchState.first(one.whole(MarketUpdate.Kind.IMAGE));
        assertThat(state).isNotNull();
        for (int i = 0; i < 10_000; i++) {
            state.encoded().image(Columns.of(List.of("x" + i)));
        }
        assertThat(state.encoded().remembered()).isLessThanOrEqualTo(64);
    }

    @Test
    void allMatchesOfAViewShareTheirColumns() {
        for (Truth truth : Truth.some(3)) {
            stand.tell(truth.begin("live", "epl"));
        }
        Wanted wanted = new Wanted(
                java.util.Set.of(new Wanted.Part(new Select.All(), Columns.of(List.of("h2h")), 0)),
                List.of(),
                Columns.ALL);
        View view = new View(wanted, loop, stand.board.matches(), 0);
        assertThat(view.seats().stream()
                        .map(seat -> System.identityHashCode(seat.columns))
                        .distinct())
                .hasSize(1);
        view.close();
    }
}
