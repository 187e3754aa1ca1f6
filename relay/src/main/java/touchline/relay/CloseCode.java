package touchline.relay;

/** Why the relay ends a connection: a contract with clients, who have the same table ({@code client/src/codes.js}). */
enum CloseCode {
    /** This relay goes down; another one, or the next, is there. */
    DRAINING(1001, "draining", true),
    /** A message that is none. */
    MALFORMED(4400, "malformed", false),
    /** The token is not accepted. */
    UNAUTHORIZED(4401, "unauthorized", false),
    /** The token's time is over: come back with a new one. */
    EXPIRED(4402, "expired", true),
    /** The token does not allow this. */
    FORBIDDEN(4403, "forbidden", false),
    /** The client did not read for too long. */
    SLOW(4408, "slow", true),
    /** A message, or what was asked for, is too large. */
    TOO_LARGE(4413, "too_large", false),
    /** Too many messages in too short a time. */
    TOO_MANY(4429, "too_many", true),
    /** The relay failed at something; it is in its log. */
    FAILED(4500, "failed", true);

    private final int code;
    private final String word;
    private final boolean reconnect;

    CloseCode(int code, String word, boolean reconnect) {
        this.code = code;
        this.word = word;
        this.reconnect = reconnect;
    }

    int code() {
        return code;
    }

    String word() {
        return word;
    }

    /** Is it of use to come back? */
    boolean reconnect() {
        return reconnect;
    }
}
