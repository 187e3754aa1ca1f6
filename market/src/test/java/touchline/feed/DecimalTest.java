package touchline.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "2, 2000",
        "1.85, 1850",
        "1.850, 1850",
        "007, 7000",
        "0.001, 1",
        "-0.75, -750",
        "1.0005, 1001",
        "1.0004, 1000",
        "-1.0005, -1001",
        "1.8549999999999999, 1855",
        "1e2, 100000",
        "1.5E-1, 150",
        "185e-2, 1850",
        "0.0005, 1",
        "0.00049, 0",
        "1e-30, 0",
        "0e9999, 0",
        "2147483.647, 2147483647",
        "-2147483.648, -2147483648"
    })
    void readsThousandths(String text, int milli) {
        assertThat(Decimal.milli(text)).isEqualTo(milli);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                "1.",
                ".5",
                "-.5",
                "+1",
                "1.2.3",
                "1-2",
                " 1",
                "1 ",
                "NaN",
                "Infinity",
                "0x10",
                "1e",
                "1,5",
                "1_0",
                "١",
                "1e400",
                "1e2147483647",
                "1e99999999999",
                "2147483.648",
                "-2147483.649",
                "2147483648",
                "1e10",
                "11111111111111111111111111111111111111111"
            })
    void refusesWhatIsNoDecimalOrDoesNotFit(String text) {
        assertThatThrownBy(() -> Decimal.milli(text)).isInstanceOf(NumberFormatException.class);
    }

    @Test
    void agreesWithBigDecimal() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            BigDecimal value = BigDecimal.valueOf(random.nextLong() >> (11 + random.nextInt(53)), random.nextInt(9));
            BigDecimal milli = value.movePointRight(3).setScale(0, RoundingMode.HALF_UP);
            String text = random.nextBoolean() ? value.toPlainString() : value.toString();
            if (milli.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
                assertThat(Decimal.milli(text)).as(text).isEqualTo(milli.intValueExact());
            } else {
                assertThatThrownBy(() -> Decimal.milli(text)).as(text).isInstanceOf(NumberFormatException.class);
            }
        }
    }

    @Test
    void writesTheShortestDecimalAndReadsItBack() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            int milli = i < 4_000 ? i - 2_000 : random.nextInt() >> random.nextInt(31);
            String shortest = milli == 0
                    ? "0"
                    : BigDecimal.valueOf(milli, 3).stripTrailingZeros().toPlainString();
            assertThat(Decimal.text(milli)).isEqualTo(shortest);
            assertThat(Decimal.milli(shortest)).isEqualTo(milli);
        }
        assertThat(Decimal.text(Integer.MIN_VALUE)).isEqualTo("-2147483.648");
    }
}
