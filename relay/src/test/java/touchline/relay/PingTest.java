package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.update.MarketUpdate;

/** Who asks hears an answer that was not on its way before he asked, and that says so. */
class PingTest {

    private final Stand stand = new Stand(Map.of());
    private final Reader reader = new Reader();
    private final Stand.Member member = stand.enter(reader);

    private void says(String json) {
        new Conversation(member.client, Gate.anonymous(), stand.config).hear(json.getBytes(UTF_8));
        member.read();
    }

    @Test
    void isAnsweredToWhoWantsNothingYet() {
        says("{\"op\":\"ping\"}");
        assertThat(reader.alive().path("late").asBoolean()).isFalse();
        assertThat(reader.alive().has("id")).isFalse();
    }

    @Test
    void isAnsweredWithItsNumberOnce() {
        says("{\"op\":\"ping\",\"id\":7}");
        assertThat(reader.alive().path("id").asLong()).isEqualTo(7);
        assertThat(reader.alive().path("at").asLong()).isEqualTo(stand.wallMs());

        stand.pass(1_000);
        member.read();
        assertThat(reader.alive().has("id")).isFalse();
        assertThat(reader.alive().path("at").asLong()).isEqualTo(stand.wallMs());
    }

    @Test
    void isAnsweredOnceHeReadsWithTheLastNumber() {
        says("{\"op\":\"sub\",\"id\":1,\"select\":{\"all\":true}}");
        member.reads(false);
        reader.alive = null;
        says("{\"op\":\"ping\",\"id\":7}");
        says("{\"op\":\"ping\",\"id\":8}");
        says("{\"op\":\"ping\"}");
        assertThat(reader.alive).isNull();

        member.reads(true);
        stand.beat();
        stand.pass(1_000);
        member.read();
        assertThat(reader.alive().path("id").asLong()).isEqualTo(8);
        assertThat(reader.alive().path("at").asLong()).isEqualTo(stand.wallMs());
    }

    @Test
    void isAnsweredByTheFirstWordThatASubscriptionBrings() {
        Truth one = new Truth("m:1", 1, 1_000);
        stand.tell(one.begin("live", "epl"));
        member.reads(false);
        says("[{\"op\":\"ping\",\"id\":9},{\"op\":\"sub\",\"id\":1,\"select\":{\"all\":true}}]");
        MarketUpdate update = one.patch(Map.of("h2h/home", "3.1"));
        member.reads(true);
        stand.tell(update);
        stand.pass(1_000);
        member.read();
        assertThat(reader.alive().path("id").asLong()).isEqualTo(9);
        assertThat(reader.holding("m:1").cells).isEqualTo(one.cells);
    }

    @Test
    void aNumberThatIsNoneEndsTheConnection() {
        says("{\"op\":\"ping\",\"id\":\"now\"}");
        assertThat(reader.errors).hasSize(1);
    }
}
