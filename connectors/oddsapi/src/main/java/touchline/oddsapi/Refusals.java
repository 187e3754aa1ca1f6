package touchline.oddsapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import touchline.feed.Refusal;
import touchline.feed.Refused;

/**
 * What of a split was refused, so that a part that is bad for good is said once and then from time to time, and not with
 * every poll that has it: also when it comes and goes, when its value differs each time, and after a restart. The same
 * reason at the same place of a match is one matter. Beyond a bound of matters, the rest of a poll is said as a count.
 */
final class Refusals {

    /** Matters of one split that are remembered. */
    static final int MAX = 1_000;

    private static final Pattern VALUES = Pattern.compile("=.*|[0-9]+", Pattern.DOTALL);

    private final long sayAgainMs;
    /** Matter to when it was last said. */
    private final Map<Long, Long> saidAt;

    Refusals(Map<Long, Long> saidAt, long sayAgainMs) {
        this.saidAt = new TreeMap<>(saidAt);
        this.sayAgainMs = sayAgainMs;
    }

    Map<Long, Long> saidAt() {
        return saidAt;
    }

    /** Those of a poll that are to be said now. */
    List<Refused> news(List<Refused> refused, long now) {
        // A stamp from the future was set before the clock stepped back.
        saidAt.values().removeIf(said -> now - said >= sayAgainMs || said > now);
        List<Refused> news = new ArrayList<>();
        int more = 0;
        for (Refused one : refused) {
            long matter = matter(one);
            if (saidAt.containsKey(matter)) {
                continue;
            }
            if (saidAt.size() < MAX) {
                saidAt.put(matter, now);
                news.add(one);
            } else {
                more++;
            }
        }
        if (more > 0) {
            Refused rest = new Refused(
                    Refusal.TOO_MANY,
                    "",
                    refused.get(0).source(),
                    "more than " + MAX + " refused parts: has the vendor's format changed? the rest is not kept, "
                            + more + " in this poll",
                    "");
            if (saidAt.put(matter(rest), now) == null) {
                news.add(rest);
            }
        }
        return news;
    }

    /** Reason, match and place; a value that is named behind the place is left out, for it may move. */
    private static long matter(Refused refused) {
        String place = VALUES.matcher(refused.detail()).replaceAll("#");
        String text = refused.reason() + " " + refused.match() + " " + place;
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
