package touchline.feed;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Fixed-point numbers: thousandths in an int inside, shortest decimals outside. No floating point between. */
public final class Decimal {

    private Decimal() {}

    /**
     * Thousandths of a decimal text, as {@code 1.85} to 1850; further digits are rounded half up.
     *
     * @throws NumberFormatException when the text is no decimal number, or its thousandths do not fit an int
     */
    public static int milli(String text) {
        int length = text.length();
        int i = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        long milli = 0;
        int decimals = -1;
        boolean plain = i < length && length < 14 && text.charAt(i) != '.';
        for (; plain && i < length; i++) {
            char c = text.charAt(i);
            if (c == '.' && decimals < 0) {
                decimals = 0;
            } else if (c >= '0' && c <= '9' && decimals < 3) {
                milli = milli * 10 + (c - '0');
                decimals += decimals < 0 ? 0 : 1;
            } else {
                plain = false;
            }
        }
        if (!plain) {
            return exact(text);
        }
        for (int d = Math.max(decimals, 0); d < 3; d++) {
            milli *= 10;
        }
        if (milli > Integer.MAX_VALUE || decimals == 0) {
            throw new NumberFormatException("out of range, or no digits after the point: " + text);
        }
        return (int) (text.charAt(0) == '-' ? -milli : milli);
    }

    /** The shortest decimal of thousandths: 2000 is {@code 2}, 1850 is {@code 1.85}, -750 is {@code -0.75}. */
    public static String text(int milli) {
        int whole = milli / 1000;
        int rest = Math.abs(milli % 1000);
        if (rest == 0) {
            return Integer.toString(whole);
        }
        StringBuilder text = new StringBuilder(12);
        if (milli < 0) {
            text.append('-');
        }
        text.append(Math.abs(whole)).append('.');
        text.append((char) ('0' + rest / 100));
        if (rest % 100 != 0) {
            text.append((char) ('0' + rest / 10 % 10));
            if (rest % 10 != 0) {
                text.append((char) ('0' + rest % 10));
            }
        }
        return text.toString();
    }

    private static int exact(String text) {
        if (text.length() > 40) {
            throw new NumberFormatException("too long for a number: " + text.substring(0, 40) + "...");
        }
        BigDecimal value = new BigDecimal(text);
        if (Math.abs((long) value.precision() - value.scale()) > 12) {
            throw new NumberFormatException("out of range: " + text);
        }
        try {
            return value.movePointRight(3).setScale(0, RoundingMode.HALF_UP).intValueExact();
        } catch (ArithmeticException e) {
            throw new NumberFormatException("out of range: " + text);
        }
    }
}
