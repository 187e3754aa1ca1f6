package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import touchline.update.MarketUpdate;

/** What a beat does not vouch for. */
class BoardDoubtTest {

    private long now = 10_000;
    private final Time time = new Time() {
        @Override
        public long wallMs() {
            return now;
        }

        @Override
        public long nanos() {
            return 0;
        }
    };
    private final Board board = new Board(512, 900_000, time, new Counters(), new Board.Audience() {
        @Override
        public void changed(Match match) {}

        @Override
        public void flush() {}
    });
    private final Story story = new Story("manual:1");

    @Test
    void aMatchOfWhichAnUpdateIsMissingIsBehindUntilItIsMadeUpFor() {
        assertThat(board.update(0, story.begin("match/n", "0"))).isTrue();
        assertThat(isBehind()).isFalse();
        MarketUpdate missed = story.patch("match/n", "1");
        MarketUpdate older = story.image();
        assertThat(board.update(0, story.patch("match/n", "2"))).isFalse();
        assertThat(isBehind()).isTrue();
        assertThat(board.image(0, older)).as("older than the one refused").isTrue();
        assertThat(missed.position()).isEqualTo(older.position());
        assertThat(isBehind()).isTrue();
        assertThat(board.image(0, story.image())).isTrue();
        assertThat(isBehind()).isFalse();
    }

    @Test
    void aShardOfWhichNothingWasToldIsLate() {
        board.shards(2);
        tell(0);
        assertThat(board.isWhole()).isFalse();
        tell(1);
        assertThat(board.isWhole()).isTrue();
        board.shards(3);
        assertThat(board.isWhole()).isFalse();
        board.shards(1);
        tell(0);
        assertThat(board.isWhole()).as("the others are no more").isTrue();
    }

    @Test
    void aMatchOfAnotherCountOfShardsIsMissedByTheShardItWouldBeOf() {
        board.shards(16);
        assertThat(board.update(15, story.begin("match/n", "0"))).isTrue();
        board.shards(1);
        assertThat(isBehind()).isFalse();
        tell(0);
        assertThat(board.isWhole()).isTrue();
        now += 900_001;
        board.beat(0, now, 1);
        assertThat(board.match(story.match())).isNull();
    }

    @Test
    void whatBeganUnderAHigherGenerationIsNotVouchedForByTheBeatOfTheOneBefore() {
        board.shards(1);
        tell(0);
        assertThat(board.isWhole()).isTrue();
        // A job that begins anew tells what was long ago, in an epoch that is newer than all.
        assertThat(board.update(0, new Story("manual:1", 2, 5).begin("match/n", "0")))
                .isTrue();
        assertThat(board.isWhole()).isFalse();
        board.beat(0, now, 1);
        assertThat(board.isWhole())
                .as("a look that was sent before tells of the generation before")
                .isFalse();
        board.beat(0, now, 2);
        assertThat(board.isWhole()).isTrue();
    }

    private void tell(int shard) {
        board.complete(shard, Set.of());
        board.beat(shard, 10_000, 1);
    }

    private boolean isBehind() {
        return board.isBehind(Objects.requireNonNull(board.match(story.match())));
    }
}
