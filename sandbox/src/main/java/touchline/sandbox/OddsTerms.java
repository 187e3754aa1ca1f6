package touchline.sandbox;

/**
 * What the stand-in's customer has bought.
 *
 * @param apiKey the only key that is let in
 * @param credits of the month, all still there
 * @param callsPerSecond beyond which it answers 429; the vendor allows 30
 */
public record OddsTerms(String apiKey, long credits, int callsPerSecond) {

    /** So many credits that polls in compressed time are never stretched to make them last. */
    public static final OddsTerms DEFAULT = new OddsTerms("sandbox-key", 1_000_000_000_000L, 30);

    public OddsTerms {
        if (apiKey.isBlank() || credits < 0 || callsPerSecond < 1) {
            throw new IllegalArgumentException(
                    "a key, credits from 0 and at least one call a second are needed: credits=" + credits
                            + " callsPerSecond=" + callsPerSecond);
        }
    }
}
