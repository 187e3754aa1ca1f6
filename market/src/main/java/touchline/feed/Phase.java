package touchline.feed;

import java.util.Locale;

/** Where a match is in its life. */
public enum Phase {
    UPCOMING,
    LIVE,
    ENDED;

    private final String json = name().toLowerCase(Locale.ROOT);

    /** The name in JSON and in cells. */
    public String json() {
        return json;
    }
}
