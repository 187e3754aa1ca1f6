package touchline.update;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardsTest {

    @Test
    void theSlotIsRedisClusters() {
        // CLUSTER KEYSLOT of the same names.
        assertThat(slot("123456789")).isEqualTo(0x31c3);
        assertThat(slot("foo")).isEqualTo(12182);
        assertThat(slot("x{foo}y")).isEqualTo(12182);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 16, 128, 1024})
    void everyTagIsItsOwnAndLiesInItsRangeOfSlots(int count) {
        Shards shards = new Shards(count);
        Set<String> prefixes = new HashSet<>();
        for (int shard = 0; shard < count; shard++) {
            assertThat(prefixes.add(shards.prefix(shard))).isTrue();
            assertThat((long) slot(shards.prefix(shard)) * count / 16384).isEqualTo(shard);
        }
        assertThat(shards.count()).isEqualTo(count);
    }

    @Test
    void allKeysOfAMatchAndItsShardLieInOneSlot() {
        Shards shards = new Shards(16);
        for (int i = 0; i < 200; i++) {
            String match = "oddsapi:" + Integer.toHexString(i * 7919);
            int shard = shards.of(match);
            assertThat(List.of(
                            slot(shards.matchKey(match)),
                            slot(shards.streamKey(shard)),
                            slot(shards.indexKey(shard)),
                            slot(shards.beatKey(shard)),
                            slot(shards.metaKey(shard))))
                    .containsOnly(slot(shards.prefix(shard)));
        }
    }

    /** Another layout would orphan what Redis holds. */
    @Test
    void theKeysStayAsTheyAre() {
        Shards shards = new Shards(16);
        assertThat(shards.of("oddsapi:1")).isEqualTo(3);
        assertThat(shards.matchKey("oddsapi:1")).isEqualTo("tl:{3.0}:m:oddsapi:1");
        assertThat(shards.streamKey(3)).isEqualTo("tl:{3.0}:s");
        assertThat(shards.indexKey(3)).isEqualTo("tl:{3.0}:index");
        assertThat(shards.beatKey(3)).isEqualTo("tl:{3.0}:beat");
        assertThat(shards.metaKey(3)).isEqualTo("tl:{3.0}:meta");
        assertThat(Shards.COUNT_KEY).isEqualTo("tl:shards");
    }

    @Test
    void matchesSpreadEvenly() {
        Shards shards = new Shards(16);
        int[] matches = new int[16];
        for (int i = 0; i < 16_000; i++) {
            matches[shards.of("manual:" + i)]++;
        }
        for (int count : matches) {
            assertThat(count).isBetween(880, 1_120);
        }
    }

    @Test
    void refusesACountThatNoClusterHas() {
        for (int count : new int[] {-1, 0, 1025}) {
            assertThatThrownBy(() -> new Shards(count)).hasMessage("shards must be within 1..1024, not " + count);
        }
    }

    /** As the cluster specification has it: CRC16/XMODEM of what stands between the first braces. */
    private static int slot(String key) {
        int open = key.indexOf('{');
        int close = key.indexOf('}', open + 1);
        String hashed = open >= 0 && close > open + 1 ? key.substring(open + 1, close) : key;
        int crc = 0;
        for (byte b : hashed.getBytes(US_ASCII)) {
            for (int bit = 7; bit >= 0; bit--) {
                boolean carry = ((crc >> 15 ^ b >> bit) & 1) == 1;
                crc = (crc << 1 ^ (carry ? 0x1021 : 0)) & 0xffff;
            }
        }
        return crc % 16384;
    }
}
