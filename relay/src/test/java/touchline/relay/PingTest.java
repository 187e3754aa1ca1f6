package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PingTest {

    @Test
    void isAnsweredToWhoWantsNothingYet() {
        Stand stand = new Stand(Map.of());
        Reader reader = new Reader();
        Stand.Member member = stand.enter(reader);
        member.client.sayAlive();
        member.read();
        assertThat(reader.alive).isNotNull();
        assertThat(reader.alive.path("late").asBoolean()).isFalse();
    }
}
