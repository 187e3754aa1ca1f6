package touchline.feed;

import java.util.Locale;

/** What a feed record leads with. The body's shape follows from it, see {@link Body}. */
public enum Kind {
    /** A {@link View} that carries the fixture; a full view is always of this kind. */
    FIXTURE,
    /** A {@link View} of changed and gone quotes. */
    QUOTES,
    /** A {@link View} that carries a score and nothing before it in this list. */
    SCORE,
    /** A {@link View} that carries incidents only. */
    INCIDENT,
    /** An operator's {@link ManualDocument}. */
    MANUAL,
    /** A {@link View} of stamps only: the source spoke and nothing else changed. */
    SEEN,
    /** A {@link Link} between a provider's match and another. */
    LINK,
    /** A {@link Tick}: nothing but time. It has no key. */
    TICK;

    private final String json = name().toLowerCase(Locale.ROOT);

    /** The name in JSON. */
    public String json() {
        return json;
    }
}
