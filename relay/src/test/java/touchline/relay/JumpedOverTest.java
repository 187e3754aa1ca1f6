package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import touchline.update.MarketUpdate;

/** A relay that reads an image has not seen the versions in between; another one may have, and its clients come here. */
class JumpedOverTest {

    private final Stand there = new Stand(Map.of());
    private final Stand here = new Stand(Map.of());
    private final Reader reader = new Reader();
    private final Story story = new Story("manual:1");

    @Test
    void aPriceThatCameAndWentInBetweenIsTakenBack() {
        MarketUpdate begin = story.begin("match/phase", "live", "h2h/home", "2");
        MarketUpdate came = story.patch("h2h/home", "3");
        story.patch("h2h/home", "2");
        comesFrom(begin, came);
        here.tell(begin);
        hereReads(story.image());
        comesHere();
        assertThat(held()).isEqualTo(story.cells());
    }

    @Test
    void aMarketThatCameAndWentInBetweenIsTakenBack() {
        MarketUpdate begin = story.begin("match/phase", "live");
        MarketUpdate older = story.image();
        Story with = new Story("manual:1");
        with.begin("match/phase", "live");
        MarketUpdate came = with.patch("btts/yes", "2");
        story.patch("match/period", "1");
        story.patch("match/period", "2");
        comesFrom(begin, came);
        here.tell(older);
        hereReads(story.image());
        comesHere();
        assertThat(held()).isEqualTo(story.cells());
    }

    @Test
    void whoStandsBeforeTheJumpIsPatched() {
        MarketUpdate begin = story.begin("match/phase", "live", "h2h/home", "2");
        story.patch("h2h/home", "3");
        story.patch("h2h/home", "4");
        comesFrom(begin);
        here.tell(begin);
        hereReads(story.image());
        int images = reader.images;
        comesHere();
        assertThat(held()).isEqualTo(story.cells());
        assertThat(reader.images).isEqualTo(images);
    }

    private void comesFrom(MarketUpdate... updates) {
        there.tell(updates);
        Stand.Member member = there.enter(reader);
        member.subscribe(1, new Select.All(), Columns.ALL, 0, Map.of());
        member.leave();
    }

    private void hereReads(MarketUpdate image) {
        here.board.image(0, image);
        here.board.flush();
        here.run();
    }

    private void comesHere() {
        Stand.Member member = here.enter(reader);
        member.subscribe(1, new Select.All(), Columns.ALL, 0, reader.have(Columns.ALL));
        here.pass(1_000);
        member.read();
    }

    private Map<String, String> held() {
        return Objects.requireNonNull(reader.held.get("manual:1")).cells;
    }
}
