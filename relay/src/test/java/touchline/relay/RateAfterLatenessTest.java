package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is held back for a client's rate while the pipeline catches up. */
class RateAfterLatenessTest {

    private final Stand stand = new Stand(Map.of());
    private final Reader reader = new Reader();
    private final Story story = new Story("manual:1");

    @Test
    void whoIsToldThatNothingIsLateAnyMoreHoldsAllThatIsVouchedFor() {
        stand.tell(story.begin("match/phase", "live", "h2h/@status", "open", "h2h/home", "2"));
        Stand.Member member = stand.enter(reader);
        member.subscribe(1, new Select.All(), Columns.ALL, 1_000, Map.of());
        stand.pass(4_000);
        member.read();
        assertThat(isLate()).isTrue();
        // All of this happened while nobody told it; the first may go at once, the second waits for the rate.
        stand.tell(story.patch("h2h/home", "3"));
        stand.tell(story.patch("h2h/home", "4"));
        stand.beat();
        for (int ms = 0; ms < 2_000 && isLate(); ms += 10) {
            stand.pass(10);
            member.read();
        }
        assertThat(isLate()).isFalse();
        assertThat(Objects.requireNonNull(reader.held.get("manual:1")).cells).isEqualTo(story.cells());
    }

    private boolean isLate() {
        return Objects.requireNonNull(reader.alive).get("late").asBoolean();
    }
}
