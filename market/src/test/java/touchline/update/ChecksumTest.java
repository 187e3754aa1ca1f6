package touchline.update;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ChecksumTest {

    @Test
    void hashesAsTheReferenceImplementationDoes() {
        assertThat(Murmur3.hash("".getBytes(UTF_8), 1)).isEqualTo(0x514e28b7);
        assertThat(Murmur3.hash("hello".getBytes(UTF_8), 0)).isEqualTo(0x248bfa47);
        assertThat(Murmur3.hash("hello, world".getBytes(UTF_8), 0)).isEqualTo(0x149bbb7f);
        assertThat(Murmur3.hash("The quick brown fox jumps over the lazy dog".getBytes(UTF_8), 0x9747b28c))
                .isEqualTo(0x2fa826cd);
    }

    @Test
    void doesNotDependOnTheOrderAndIsUndone() {
        long sum = Checksum.of(Map.of("home", "1.85", "away", "2.1"));
        long other = Checksum.plus(Checksum.plus(Checksum.EMPTY, "away", "2.1"), "home", "1.85");
        assertThat(sum).isEqualTo(other);
        assertThat(Checksum.minus(Checksum.minus(sum, "home", "1.85"), "away", "2.1"))
                .isEqualTo(Checksum.EMPTY);
        assertThat(Checksum.hex(0x1L)).isEqualTo("0000000000000001");
    }
}
