package touchline.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.update.MarketUpdate;
import touchline.update.Position;

class ReplicaTest {

    private final Updates updates = new Updates("m:1");
    private final Replica replica = new Replica();

    @Test
    void foldsAnImageAndPatches() {
        assertThat(replica.apply(updates.image("1.5-1", Map.of("match/phase", "live", "h2h/home", "1.85"))))
                .isEqualTo(Verdict.APPLIED);
        assertThat(replica.apply(updates.patch("1.5-2", Map.of("h2h/home", "1.9"))))
                .isEqualTo(Verdict.APPLIED);
        assertThat(replica.apply(updates.remove("1.5-3", "match/phase"))).isEqualTo(Verdict.APPLIED);

        assertThat(replica.cells()).containsExactly(Map.entry("h2h/home", "1.9"));
        assertThat(replica.position()).isEqualTo(Position.parse("1.5-3"));
    }

    @Test
    void tellsARepeatFromAStepBack() {
        MarketUpdate image = updates.image("1.5-1", Map.of("match/phase", "live"));
        replica.apply(image);
        replica.apply(updates.patch("1.5-2", Map.of("match/phase", "ended")));

        assertThat(replica.apply(updates.patch("1.5-2", Map.of("match/phase", "ended"))))
                .isEqualTo(Verdict.REPEAT);
        assertThat(replica.apply(image)).isEqualTo(Verdict.STEP_BACK);
        assertThat(replica.apply(updates.image("1.4-9", Map.of("match/phase", "live"))))
                .as("an older epoch")
                .isEqualTo(Verdict.STEP_BACK);
    }

    @Test
    void findsAGapAndTrustsNothingUntilTheNextImage() {
        replica.apply(updates.image("1.5-1", Map.of("match/phase", "live")));

        assertThat(replica.apply(updates.patch("1.5-3", Map.of("h2h/home", "2"))))
                .isEqualTo(Verdict.GAP);
        assertThat(replica.whole()).isFalse();
        assertThat(replica.apply(updates.patch("1.5-4", Map.of("h2h/home", "2.1"))))
                .isEqualTo(Verdict.UNFOLLOWED);
        assertThat(replica.apply(updates.image("1.5-5", Map.of("match/phase", "live"))))
                .isEqualTo(Verdict.APPLIED);
        assertThat(replica.whole()).isTrue();
    }

    @Test
    void countsAnImageThatJumpsAsAhead() {
        replica.apply(updates.image("1.5-1", Map.of("match/phase", "live")));

        assertThat(replica.apply(updates.image("1.5-4", Map.of("match/phase", "live"))))
                .isEqualTo(Verdict.AHEAD);
    }

    @Test
    void aNewEpochMustBeginWithAnImage() {
        replica.apply(updates.image("1.5-1", Map.of("match/phase", "live")));

        assertThat(replica.apply(updates.patch("1.9-2", Map.of("match/phase", "ended"))))
                .isEqualTo(Verdict.GAP);
        assertThat(replica.apply(updates.image("2.9-1", Map.of("match/phase", "live"))))
                .isEqualTo(Verdict.APPLIED);
    }

    @Test
    void cannotFollowAPatchWithoutAnImage() {
        assertThat(replica.apply(updates.patch("1.5-7", Map.of("match/phase", "live"))))
                .isEqualTo(Verdict.UNFOLLOWED);
    }

    @Test
    void verifiesEveryGroupThatIsNamed() {
        replica.apply(updates.image("1.5-1", Map.of("match/phase", "live")));
        MarketUpdate lost = updates.patch("1.5-2", Map.of("match/home_score", "1"));
        Updates other = new Updates("m:1");
        other.image("1.5-1", Map.of("match/phase", "upcoming"));
        MarketUpdate wrong = other.patch("1.5-2", Map.of("match/home_score", "1"));

        assertThat(wrong.sums()).isNotEqualTo(lost.sums());
        assertThat(replica.apply(wrong)).isEqualTo(Verdict.CHECKSUM);
    }

    @Test
    void aChangedGroupWithoutAChecksumIsAFault() {
        MarketUpdate image = updates.image("1.5-1", Map.of("match/phase", "live"));
        MarketUpdate bare = new MarketUpdate(
                image.match(),
                image.position(),
                image.kind(),
                image.set(),
                image.del(),
                new java.util.TreeMap<>(),
                image.times());

        assertThat(replica.apply(bare)).isEqualTo(Verdict.CHECKSUM);
    }

    @Test
    void whatAnImageReadElsewhereCoversIsNoRepeat() {
        replica.load(Position.parse("1.5-4"), Map.of("match/phase", "live"), false);

        assertThat(replica.apply(updates.patch("1.5-3", Map.of("match/phase", "x"))))
                .isEqualTo(Verdict.COVERED);
        updates.image("1.5-4", Map.of("match/phase", "live"));
        assertThat(replica.apply(updates.patch("1.5-5", Map.of("match/home_score", "1"))))
                .isEqualTo(Verdict.APPLIED);
        assertThat(replica.apply(updates.patch("1.5-5", Map.of("match/home_score", "1"))))
                .isEqualTo(Verdict.REPEAT);
    }
}
