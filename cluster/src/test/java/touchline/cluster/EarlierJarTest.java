package touchline.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EarlierJarTest {

    @Test
    void aVersionThatCannotBeHadIsToldAsAReasonToSkip() {
        assertThatThrownBy(() -> EarlierJar.of("no-such-commit"))
                .isInstanceOf(EarlierJar.NoneException.class)
                .hasMessageContaining("an earlier version cannot be had");
    }
}
