package touchline.feed;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/** Fixed-point numbers: thousandths in an int inside, shortest decimals outside. No floating point between. */
public final class Decimal {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private Decimal() {}

    /**
     * Thousandths of a decimal text as JSON has it, {@code 1.85} to 1850; further digits are rounded half up (away from
     * zero).
     *
     * @throws NumberFormatException when the text is no decimal number, or its thousandths do not fit an int
     */
    public static int milli(String text) {
        int length = text.length();
        boolean negative = length > 0 && text.charAt(0) == '-';
        long milli = 0;
        int point = -1;
        // Up to this length nothing overflows; exponents, more than three decimals and mistakes go the long way.
        boolean plain = length < 14 && length > (negative ? 1 : 0);
        for (int i = negative ? 1 : 0; plain && i < length; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                milli = milli * 10 + (c - '0');
            } else {
                plain = c == '.' && point < 0 && i > (negative ? 1 : 0) && i >= length - 4 && i < length - 1;
                point = i;
            }
        }
        if (!plain) {
            return exact(text);
        }
        for (int decimals = point < 0 ? 0 : length - point - 1; decimals < 3; decimals++) {
            milli *= 10;
        }
        long signed = negative ? -milli : milli;
        if (signed != (int) signed) {
            throw new NumberFormatException("out of range: " + text);
        }
        return (int) signed;
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
        if (!NUMBER.matcher(text).matches()) {
            throw new NumberFormatException("not a decimal number: " + text);
        }
        BigDecimal value = new BigDecimal(text);
        // The power of ten above its first digit: a huge one must not be written out, a tiny one rounds to nothing.
        long magnitude = (long) value.precision() - value.scale();
        if (value.signum() == 0 || magnitude < -3) {
            return 0;
        }
        if (magnitude > 12) {
            throw new NumberFormatException("out of range: " + text);
        }
        try {
            return value.movePointRight(3).setScale(0, RoundingMode.HALF_UP).intValueExact();
        } catch (ArithmeticException e) {
            throw new NumberFormatException("out of range: " + text);
        }
    }
}
