package touchline.feed;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What no value may exceed, whoever says it. Checked where data enters and again where the log is read, so that a
 * record in the log is always one that can be applied. What depends on time or on other values is the machine's.
 */
public final class Bounds {

    /** 1.001: the shortest price that real bookmakers quote. */
    public static final int MIN_PRICE = 1_001;

    /** 10,000. */
    public static final int MAX_PRICE = 10_000_000;

    /** 1,000 either way. */
    public static final int MAX_LINE = 1_000_000;

    /** Lines move in quarters. */
    public static final int LINE_STEP = 250;

    public static final int MAX_SCORE = 9_999;

    /** Quotes, gone quotes, stamps, markets and incidents of one record, each. */
    public static final int MAX_ITEMS = 5_000;

    /** Prices of one market: an image of the largest match still fits into a message. */
    public static final int MAX_OUTCOMES = 40;

    public static final int MAX_TEXT = 200;

    /** 2^53: all numbers stay exact in JavaScript and Lua. */
    public static final long MAX_NUMBER = 1L << 53;

    /** The largest record of the log: what a broker takes in one message by default. */
    public static final int MAX_BYTES = 1 << 20;

    private static final Pattern ALTERNATE = Pattern.compile("[a-z0-9_]{1,60}:-?[0-9]{1,4}(\\.[0-9]{1,2})?");

    private static final int IN_KEY = 1;
    private static final int IN_ID = 2;
    /** By ASCII character, what it may stand in. */
    private static final byte[] ALLOWED = new byte[128];

    static {
        for (char c = 0; c < ALLOWED.length; c++) {
            boolean key = c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            boolean id = key || c == '.' || c == '-' || (c >= 'A' && c <= 'Z');
            ALLOWED[c] = (byte) ((key ? IN_KEY : 0) | (id ? IN_ID : 0));
        }
    }

    /** Outcomes of the markets that are known by name; other markets take any key. */
    private static final Map<String, List<String>> OUTCOMES = Map.of(
            "h2h", List.of("home", "draw", "away"),
            "h2h_3_way", List.of("home", "draw", "away"),
            "draw_no_bet", List.of("home", "away"),
            "spreads", List.of("home", "away"),
            "totals", List.of("over", "under"),
            "btts", List.of("yes", "no"));

    private Bounds() {}

    /** {@code <source>:<the source's own id>}, letters, digits, dot, dash and underscore. */
    public static String matchId(String id) throws RefusedException {
        int colon = run(id, 0, IN_ID);
        boolean fits = isPart(0, colon, 40) && colon < id.length() && id.charAt(colon) == ':';
        return checked(
                fits && isPart(colon + 1, id.length(), 80) && run(id, colon + 1, IN_ID) == id.length(),
                "match",
                id,
                "use <source>:<id> of letters, digits, '.', '-', '_'");
    }

    /** {@code <provider>/<stream>}. */
    public static String source(String source) throws RefusedException {
        int slash = run(source, 0, IN_KEY);
        boolean fits = isPart(0, slash, 40) && slash < source.length() && source.charAt(slash) == '/';
        return checked(
                fits && isPart(slash + 1, source.length(), 40) && run(source, slash + 1, IN_KEY) == source.length(),
                "source",
                source,
                "use <provider>/<stream> in lower case");
    }

    /** A bookmaker's or outcome's key: lower case letters, digits and underscore. */
    public static String key(String field, String key) throws RefusedException {
        return checked(isKey(key), field, key, "use 1..60 lower case letters, digits and '_'");
    }

    /** A market key, with the line after a colon where lines are markets of their own ({@code totals:3.5}). */
    public static String market(String market) throws RefusedException {
        boolean fits = isKey(market) || ALTERNATE.matcher(market).matches();
        return checked(fits, "market", market, "use a key as h2h or totals:3.5");
    }

    /** One of the outcomes of a known market, any key in another. */
    public static String outcome(String market, String outcome) throws RefusedException {
        int colon = market.indexOf(':');
        List<String> known = OUTCOMES.get(colon < 0 ? market : market.substring(0, colon));
        if (known != null) {
            if (known.contains(outcome)) {
                return outcome;
            }
            throw new RefusedException(
                    Refusal.UNKNOWN_OUTCOME,
                    "outcome=" + clip(outcome) + " of market=" + market + ": use one of " + known);
        }
        return key("outcome", outcome);
    }

    /** A price in thousandths. */
    public static int price(String field, String text) throws RefusedException {
        int price = decimal(field, text, Refusal.PRICE_OUT_OF_BOUNDS);
        if (price < MIN_PRICE || price > MAX_PRICE) {
            throw new RefusedException(
                    Refusal.PRICE_OUT_OF_BOUNDS,
                    field + "=" + clip(text) + ": a price lies within " + Decimal.text(MIN_PRICE) + ".."
                            + Decimal.text(MAX_PRICE));
        }
        return price;
    }

    /** A line in thousandths. */
    public static int line(String field, String text) throws RefusedException {
        int line = decimal(field, text, Refusal.LINE_OUT_OF_BOUNDS);
        if (Math.abs((long) line) > MAX_LINE || line % LINE_STEP != 0) {
            throw new RefusedException(
                    Refusal.LINE_OUT_OF_BOUNDS,
                    field + "=" + clip(text) + ": a line is a multiple of 0.25 within 1000 either way");
        }
        return line;
    }

    public static int score(String field, long score) throws RefusedException {
        if (score < 0 || score > MAX_SCORE) {
            throw new RefusedException(
                    Refusal.SCORE_OUT_OF_BOUNDS, field + "=" + score + ": a score lies within 0.." + MAX_SCORE);
        }
        return (int) score;
    }

    /** A whole number from 0 to below 2^53. */
    public static long number(String field, long value) throws RefusedException {
        if (value < 0 || value >= MAX_NUMBER) {
            throw new RefusedException(
                    Refusal.WRONG_TYPE, field + "=" + value + ": a whole number from 0 to below 2^53 is needed");
        }
        return value;
    }

    /** A name that people read; null stays null. */
    public static @Nullable String text(String field, @Nullable String text) throws RefusedException {
        if (text != null && (text.length() > MAX_TEXT || text.isBlank() || !isReadable(text))) {
            throw new RefusedException(
                    Refusal.WRONG_TYPE,
                    field + "=" + clip(text) + ": a text of 1.." + MAX_TEXT
                            + " characters is needed, without control characters and halves of surrogate pairs");
        }
        return text;
    }

    /** Half a pair has no UTF-8: Java and JavaScript would replace it differently, and checksums would not agree. */
    private static boolean isReadable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** The count of a list may not exceed {@link #MAX_ITEMS}. */
    public static void items(String field, int count) throws RefusedException {
        if (count > MAX_ITEMS) {
            throw new RefusedException(
                    Refusal.TOO_MANY, field + " has more than " + MAX_ITEMS + " items: split it, or look for a loop");
        }
    }

    /** At most 80 characters of a value, for a message; never half a surrogate pair at the cut. */
    public static String clip(String value) {
        if (value.length() <= 80) {
            return value;
        }
        return value.substring(0, Character.isHighSurrogate(value.charAt(79)) ? 79 : 80) + "...";
    }

    private static int decimal(String field, String text, Refusal reason) throws RefusedException {
        try {
            return Decimal.milli(text);
        } catch (NumberFormatException e) {
            throw new RefusedException(reason, field + "=" + clip(text) + ": a decimal number is needed");
        }
    }

    private static boolean isKey(String text) {
        return isPart(0, text.length(), 60) && run(text, 0, IN_KEY) == text.length();
    }

    private static boolean isPart(int from, int to, int most) {
        return to > from && to - from <= most;
    }

    /** The end of the run of allowed characters that begins at an index. */
    private static int run(String text, int from, int allowed) {
        int at = from;
        while (at < text.length() && text.charAt(at) < 128 && (ALLOWED[text.charAt(at)] & allowed) != 0) {
            at++;
        }
        return at;
    }

    private static String checked(boolean fits, String field, String value, String remedy) throws RefusedException {
        if (!fits) {
            throw new RefusedException(Refusal.BAD_ID, field + "=" + clip(value) + ": " + remedy);
        }
        return value;
    }
}
