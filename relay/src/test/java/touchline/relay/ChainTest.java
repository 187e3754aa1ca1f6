package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChainTest {

    private final Chain chain = new Chain();

    @BeforeEach
    void begin() {
        chain.begin(id(5));
    }

    @Test
    void theNextEntryNamesTheOneThatWasTold() {
        assertThat(chain.isNext("5-0")).isTrue();
        chain.tell(id(7));
        assertThat(chain.isNext("7-0")).isTrue();
        assertThat(chain.isNext("5-0")).isFalse();
        assertThat(chain.isNext("")).isFalse();
    }

    @Test
    void aBeatIsDueOnlyWhenAllUpToItsEntryWasTold() {
        chain.saw(head(7, 100), 1);
        assertThat(chain.due()).isNull();
        chain.tell(id(6));
        assertThat(chain.due()).isNull();
        chain.tell(id(7));
        assertThat(chain.due()).isEqualTo(head(7, 100));
        assertThat(chain.due()).as("once").isNull();
    }

    @Test
    void aReaderThatLagsStillTellsTheBeatThatItHasReached() {
        chain.saw(head(7, 100), 1);
        chain.saw(head(9, 200), 1);
        chain.tell(id(7));
        assertThat(chain.due()).isEqualTo(head(7, 100));
        chain.sight();
        chain.tell(id(8));
        chain.tell(id(9));
        chain.saw(head(8, 300), 1);
        assertThat(chain.due()).as("what was told since the look").isEqualTo(head(8, 300));
    }

    @Test
    void aBeatWhoseEntryWasLostVouchesForNothingThatWasWrittenInItsPlace() {
        chain.saw(head(7, 100), 1);
        // A failover took 6 and 7; what they said is said again by 8 and 9.
        chain.tell(id(8));
        assertThat(chain.due()).as("9 is not told yet").isNull();
        chain.tell(id(9));
        assertThat(chain.due()).isNull();
        chain.saw(head(9, 200), 2);
        assertThat(chain.due()).isEqualTo(head(9, 200));
    }

    @Test
    void norDoesOneThatWasSeenBeforeAndIsHeardOfAfterwards() {
        chain.sight();
        chain.tell(id(8));
        chain.saw(head(7, 100), 1);
        assertThat(chain.due()).isNull();
    }

    @Test
    void anEndBelowWhatWasToldWhenTheLookWasSentIsSetBack() {
        Chain.Sight then = chain.sight();
        chain.tell(id(6));
        assertThat(chain.broken(then, head(5, 1))).as("told since").isNull();
        assertThat(chain.broken(then, head(4, 1))).isEqualTo("set_back");
    }

    @Test
    void straysAreAGapWhenTheWriterHasGoneOnBehindThem() {
        assertThat(chain.stray(id(8), "why")).isTrue();
        assertThat(chain.stray(id(9), "why")).as("the first one").isFalse();
        Chain.Sight then = chain.sight();
        assertThat(chain.broken(then, head(5, 1))).as("nobody's").isNull();
        assertThat(chain.broken(then, head(7, 1))).as("nobody's").isNull();
        assertThat(chain.broken(then, head(8, 1))).isEqualTo("gap");
    }

    @Test
    void straysAreNobodysWhenTheNextEntryFollowsWhatWasTold() {
        chain.stray(id(8), "why");
        Chain.Sight then = chain.sight();
        chain.tell(id(9));
        assertThat(chain.broken(then, head(9, 1))).isNull();
    }

    @Test
    void straysThatCameAfterTheLookWasSentWaitForTheNextOne() {
        Chain.Sight then = chain.sight();
        chain.stray(id(8), "why");
        assertThat(chain.broken(then, head(8, 1))).isNull();
        assertThat(chain.broken(chain.sight(), head(8, 1))).isEqualTo("gap");
    }

    @Test
    void entriesAreTrimmedWhenAReadAfterTheLookFindsNothing() {
        chain.saw(head(7, 1), 3);
        assertThat(chain.isTrimmed(3)).as("asked before").isFalse();
        assertThat(chain.isTrimmed(4)).isTrue();
        chain.tell(id(7));
        assertThat(chain.isTrimmed(5)).isFalse();
    }

    @Test
    void idsAreComparedAsNumbers() {
        assertThat(EntryId.parse("9-0").isBelow(EntryId.parse("10-0"))).isTrue();
        assertThat(EntryId.parse("10-9").isBelow(EntryId.parse("10-10"))).isTrue();
        assertThat(EntryId.parse("18446744073709551615-0").isBelow(EntryId.parse("1-0")))
                .isFalse();
        assertThat(EntryId.parse("18446744073709551615-18446744073709551615"))
                .hasToString("18446744073709551615-18446744073709551615");
    }

    private static ShardHead head(long last, long beat) {
        return new ShardHead(4, 1, id(last), beat);
    }

    private static EntryId id(long ms) {
        return new EntryId(ms, 0);
    }
}
