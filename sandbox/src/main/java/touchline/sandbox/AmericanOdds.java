package touchline.sandbox;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Prices as American bookmakers write them: +150 wins 150 on a stake of 100 (2.5), -200 needs a stake of 200 to win 100
 * (1.5). Every price has an absolute value of at least 100.
 */
final class AmericanOdds {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private AmericanOdds() {}

    /** The decimal price; exact, or with ten digits after the point where it has no end. */
    static BigDecimal toDecimal(BigDecimal american) {
        if (american.abs().compareTo(HUNDRED) < 0) {
            throw new IllegalArgumentException(american + " is no American price: 100 or more either way");
        }
        BigDecimal win = american.signum() > 0
                ? american.movePointLeft(2)
                : HUNDRED.divide(american.negate(), 10, RoundingMode.HALF_UP);
        return win.add(BigDecimal.ONE).stripTrailingZeros();
    }

    /** The nearest whole American price of a decimal one above 1. */
    static int ofDecimal(BigDecimal decimal) {
        BigDecimal win = decimal.subtract(BigDecimal.ONE);
        if (win.signum() <= 0) {
            throw new IllegalArgumentException(decimal + " is no price: above 1 is needed");
        }
        BigDecimal american = decimal.compareTo(TWO) >= 0
                ? win.multiply(HUNDRED).setScale(0, RoundingMode.HALF_UP)
                : HUNDRED.divide(win, 0, RoundingMode.HALF_UP).negate();
        return american.intValueExact();
    }
}
