package touchline.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ShardReaderTest {

    private final Tally tally = new Tally();
    private final ShardReader reader = new ShardReader(3, tally);
    private final Updates one = new Updates("m:1");
    private final Updates two = new Updates("m:2");

    @Test
    void followsAChainOfSeveralMatches() {
        reader.take(new Entry("10-0", "0-0", one.image("1.5-1", Map.of("match/phase", "live"))));
        reader.take(new Entry("10-1", "10-0", two.image("1.6-1", Map.of("match/phase", "live"))));
        reader.take(new Entry("11-0", "10-1", one.patch("1.5-2", Map.of("match/phase", "ended"))));

        assertThat(reader.fromBeginning()).isTrue();
        assertThat(tally.entries()).isEqualTo(3);
        assertThat(tally.broken()).isFalse();
        assertThat(tally.count(Verdict.APPLIED)).isEqualTo(3);
    }

    @Test
    void seesThatAnEntryWasLostEvenIfNoMatchShowsIt() {
        reader.take(new Entry("10-0", "0-0", one.image("1.5-1", Map.of("match/phase", "live"))));
        reader.take(new Entry("12-0", "11-0", two.image("1.6-1", Map.of("match/phase", "live"))));

        assertThat(tally.chainBreaks()).isEqualTo(1);
        assertThat(tally.broken()).isTrue();
        assertThat(tally.faults()).singleElement().asString().contains("shard=3", "prev=11-0", "10-0");
    }

    @Test
    void aTrimmedStreamBeginsInTheMiddleAndBreaksNothing() {
        reader.take(new Entry("12-0", "11-0", one.patch("1.5-7", Map.of("match/phase", "live"))));

        assertThat(reader.fromBeginning()).isFalse();
        assertThat(tally.broken()).isFalse();
        assertThat(tally.count(Verdict.UNFOLLOWED)).isEqualTo(1);
    }

    @Test
    void namesWhatBroke() {
        reader.take(new Entry("10-0", "0-0", one.image("1.5-1", Map.of("match/phase", "live"))));
        reader.take(new Entry("11-0", "10-0", one.patch("1.5-3", Map.of("match/phase", "ended"))));

        assertThat(tally.count(Verdict.GAP)).isEqualTo(1);
        assertThat(tally.faults()).containsExactly("gap shard=3 entry=11-0 match=m:1 position=1.5-3");
    }
}
