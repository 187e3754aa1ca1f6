package touchline.oddsapi;

import org.jspecify.annotations.Nullable;

/**
 * The vendor, as one blocking call per endpoint. It never throws for what the world does: every way a call can end is
 * an {@link Answer}, and none of them holds the key.
 */
interface OddsApi extends AutoCloseable {

    Answer odds(String sport);

    Answer scores(String sport);

    /** Free of charge: tells whether the key is good and what credits are left. */
    Answer sports();

    @Override
    void close();

    /** How a call ended. The vendor answers 401 both for a bad key and for spent credits; the code tells. */
    enum Outcome {
        OK,
        /** Longer than the bound; the rest was not read. */
        TOO_LARGE,
        /** Missing, unknown or deactivated key. */
        BAD_KEY,
        /** The month's credits are spent. */
        OUT_OF_CREDITS,
        /** The vendor refuses a parameter, as an unknown sport. */
        BAD_REQUEST,
        /** Too many calls a second. */
        BUSY,
        /** The vendor or the way to it failed: 5xx, a broken connection, a call that took too long. */
        FAILED
    }

    /**
     * @param body empty unless {@link Outcome#OK}; of one too large, its beginning
     * @param credits null when the answer does not say
     * @param retryAfterMs 0 when the answer does not say
     * @param detail what went wrong, for a person
     */
    record Answer(Outcome outcome, String body, @Nullable Credits credits, long retryAfterMs, String detail) {}

    /** The quota headers: left in this month, used in it, and the last call's cost. */
    record Credits(long remaining, long used, long last) {}
}
