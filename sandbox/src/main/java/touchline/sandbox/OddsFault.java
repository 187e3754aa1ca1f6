package touchline.sandbox;

import java.util.Locale;
import java.util.Map;

/**
 * Something that goes wrong with the next answers.
 *
 * @param status of {@link Kind#STATUS}
 * @param code the vendor's error code in the body; empty for the status' usual one
 * @param delayMs of {@link Kind#SLOW}
 * @param times how many answers; -1 until {@link OddsApiServer#heal}
 * @param path only calls whose path contains this; empty for all
 */
public record OddsFault(Kind kind, int status, String code, long delayMs, int times, String path) {

    /** The ways to fail. */
    public enum Kind {
        /** An error status with the vendor's body. */
        STATUS,
        /** The right answer, late. */
        SLOW,
        /** 200 with bytes that are not JSON. */
        GARBAGE,
        /** The right headers, half the body, and the connection is cut. */
        HALF,
        /** 200 with valid JSON of 10 MB. */
        HUGE,
        /** The right events, nobody quoting them. */
        EMPTY_BOOKMAKERS,
        /** No answer until the server is closed. */
        HANG
    }

    public OddsFault {
        if (kind == Kind.STATUS && (status < 400 || status > 599)) {
            throw new IllegalArgumentException("status=" + status + ": an error status, 400..599, is needed");
        }
        if (times == 0 || times < -1 || delayMs < 0) {
            throw new IllegalArgumentException(
                    "times=" + times + " delayMs=" + delayMs + ": times is positive, or -1 for ever");
        }
    }

    public static OddsFault status(int status, int times) {
        return new OddsFault(Kind.STATUS, status, "", 0, times, "");
    }

    public static OddsFault status(int status, String code, int times) {
        return new OddsFault(Kind.STATUS, status, code, 0, times, "");
    }

    public static OddsFault slow(long delayMs, int times) {
        return new OddsFault(Kind.SLOW, 0, "", delayMs, times, "");
    }

    public static OddsFault of(Kind kind, int times) {
        return new OddsFault(kind, 0, "", 0, times, "");
    }

    /** The same for calls whose path contains {@code part} only. */
    public OddsFault at(String part) {
        return new OddsFault(kind, status, code, delayMs, times, part);
    }

    OddsFault once() {
        return new OddsFault(kind, status, code, delayMs, 1, path);
    }

    OddsFault left() {
        return times < 0 ? this : new OddsFault(kind, status, code, delayMs, times - 1, path);
    }

    /** From the control endpoint: {@code status=429&times=3}, {@code kind=slow&delayMs=5000&path=/scores}. */
    static OddsFault of(Map<String, String> query) {
        try {
            int status = Integer.parseInt(query.getOrDefault("status", "0"));
            String kind = query.getOrDefault("kind", status == 0 ? "" : "status");
            return new OddsFault(
                    Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                    status,
                    query.getOrDefault("code", ""),
                    Long.parseLong(query.getOrDefault("delayMs", "5000")),
                    Integer.parseInt(query.getOrDefault("times", "1")),
                    query.getOrDefault("path", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "use status=4xx|5xx or kind=slow|garbage|half|huge|empty_bookmakers|hang, and times, delayMs, code, path: "
                            + e.getMessage(),
                    e);
        }
    }
}
