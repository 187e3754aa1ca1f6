package touchline.feed;

import java.util.Map;
import java.util.Set;
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

    public static final int MAX_TEXT = 200;

    /** 2^53: all numbers stay exact in JavaScript and Lua. */
    public static final long MAX_NUMBER = 1L << 53;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.\\-]{1,40}:[A-Za-z0-9_.\\-]{1,80}");
    private static final Pattern KEY = Pattern.compile("[a-z0-9_]{1,60}");
    private static final Pattern MARKET = Pattern.compile("[a-z0-9_]{1,60}(:-?[0-9]{1,4}(\\.[0-9]{1,2})?)?");
    private static final Pattern SOURCE = Pattern.compile("[a-z0-9_]{1,40}/[a-z0-9_]{1,40}");

    /** Outcomes of the markets that are known by name; other markets take any key. */
    private static final Map<String, Set<String>> OUTCOMES = Map.of(
            "h2h", Set.of("home", "draw", "away"),
            "h2h_3_way", Set.of("home", "draw", "away"),
            "draw_no_bet", Set.of("home", "away"),
            "spreads", Set.of("home", "away"),
            "totals", Set.of("over", "under"),
            "btts", Set.of("yes", "no"));

    private Bounds() {}

    /** {@code <source>:<the source's own id>}, letters, digits, dot, dash and underscore. */
    public static String matchId(String id) throws RefusedException {
        return matching(ID, "match", id, Refusal.BAD_ID, "use <source>:<id> of letters, digits, '.', '-', '_'");
    }

    /** {@code <provider>/<stream>}. */
    public static String source(String source) throws RefusedException {
        return matching(SOURCE, "source", source, Refusal.BAD_ID, "use <provider>/<stream> in lower case");
    }

    /** A bookmaker's or outcome's key: lower case letters, digits and underscore. */
    public static String key(String field, String key) throws RefusedException {
        return matching(KEY, field, key, Refusal.BAD_ID, "use lower case letters, digits and '_'");
    }

    /** A market key, with the line after a colon where lines are markets of their own ({@code totals:3.5}). */
    public static String market(String market) throws RefusedException {
        return matching(MARKET, "market", market, Refusal.BAD_ID, "use a key as h2h or totals:3.5");
    }

    /** One of the outcomes of a known market, any key in another. */
    public static String outcome(String market, String outcome) throws RefusedException {
        int colon = market.indexOf(':');
        Set<String> known = OUTCOMES.get(colon < 0 ? market : market.substring(0, colon));
        if (known != null && !known.contains(outcome)) {
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
        if (text != null && (text.length() > MAX_TEXT || text.isBlank())) {
            throw new RefusedException(
                    Refusal.WRONG_TYPE,
                    field + "=" + clip(text) + ": a text of 1.." + MAX_TEXT + " characters is needed");
        }
        return text;
    }

    /** The count of a list may not exceed {@link #MAX_ITEMS}. */
    public static void items(String field, int count) throws RefusedException {
        if (count > MAX_ITEMS) {
            throw new RefusedException(
                    Refusal.TOO_MANY, field + " has more than " + MAX_ITEMS + " items: split it, or look for a loop");
        }
    }

    /** At most 80 characters of a value, for a message. */
    public static String clip(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "...";
    }

    private static int decimal(String field, String text, Refusal reason) throws RefusedException {
        try {
            return Decimal.milli(text);
        } catch (NumberFormatException e) {
            throw new RefusedException(reason, field + "=" + clip(text) + ": a decimal number is needed");
        }
    }

    private static String matching(Pattern pattern, String field, String value, Refusal reason, String remedy)
            throws RefusedException {
        if (!pattern.matcher(value).matches()) {
            throw new RefusedException(reason, field + "=" + clip(value) + ": " + remedy);
        }
        return value;
    }
}
