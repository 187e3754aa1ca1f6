package touchline.feed;

import java.util.Locale;

/** Which part of a live match is played. */
public enum Period {
    FIRST_HALF,
    HALF_TIME,
    SECOND_HALF,
    EXTRA_TIME_BREAK,
    EXTRA_TIME_FIRST_HALF,
    EXTRA_TIME_HALF_TIME,
    EXTRA_TIME_SECOND_HALF,
    PENALTIES,
    INTERRUPTED;

    private final String json = name().toLowerCase(Locale.ROOT);

    /** The name in JSON and in cells. */
    public String json() {
        return json;
    }
}
