package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmericanOddsTest {

    @ParameterizedTest
    @CsvSource({
        "150, 2.5",
        "-200, 1.5",
        "100, 2",
        "-100, 2",
        "1150, 12.5",
        "-10000, 1.01",
        "-333, 1.3003003003",
        "-110, 1.9090909091",
        "50000, 501"
    })
    void americanPricesAsDecimalOnes(BigDecimal american, BigDecimal decimal) {
        assertThat(AmericanOdds.toDecimal(american)).isEqualByComparingTo(decimal);
    }

    @ParameterizedTest
    @CsvSource({"100", "101", "150", "333", "35000", "-105", "-110", "-333", "-835", "-1667", "-20000"})
    void everyAmericanPriceComesBack(int american) {
        assertThat(AmericanOdds.ofDecimal(AmericanOdds.toDecimal(BigDecimal.valueOf(american))))
                .isEqualTo(american);
    }

    @Test
    void whatIsNoPriceIsNotConverted() {
        assertThatThrownBy(() -> AmericanOdds.toDecimal(BigDecimal.valueOf(99)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AmericanOdds.ofDecimal(BigDecimal.ONE)).isInstanceOf(IllegalArgumentException.class);
    }
}
