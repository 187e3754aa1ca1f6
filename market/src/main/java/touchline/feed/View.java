package touchline.feed;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one poll of a provider says of one match: everything it changed, in one record.
 *
 * @param full this is all that the source has: what it does not name is gone
 * @param missing the source answered and the whole match was not there
 * @param fixture null when it did not change
 * @param quotes new and changed ones (all of them in a full view)
 * @param gone quotes that were there before and are not now
 * @param stamps quotes that are there unchanged and were confirmed since, each once; in the order of markets and
 *     bookmakers
 * @param score null when the source has none or it did not change
 */
public record View(
        boolean full,
        boolean missing,
        @Nullable Fixture fixture,
        List<Quote> quotes,
        List<Gone> gone,
        List<Stamp> stamps,
        @Nullable Score score,
        List<Incident> incidents)
        implements Body {

    public View {
        quotes = List.copyOf(quotes);
        gone = List.copyOf(gone);
        stamps = inOrder(stamps);
        incidents = List.copyOf(incidents);
    }

    private static List<Stamp> inOrder(List<Stamp> stamps) {
        List<Stamp> sorted = List.copyOf(stamps);
        for (int i = 1; i < sorted.size(); i++) {
            if (Stamp.ORDER.compare(sorted.get(i - 1), sorted.get(i)) >= 0) {
                sorted = sorted.stream().sorted(Stamp.ORDER).toList();
                break;
            }
        }
        for (int i = 1; i < sorted.size(); i++) {
            if (Stamp.ORDER.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
                throw new IllegalArgumentException("two stamps of one quote: " + sorted.get(i));
            }
        }
        return sorted;
    }

    /** The source spoke; these quotes were confirmed and nothing changed. */
    public static View seen(List<Stamp> stamps) {
        return new View(false, false, null, List.of(), List.of(), stamps, null, List.of());
    }

    /** The kind of a record with this body. */
    public Kind kind() {
        if (full || fixture != null) {
            return Kind.FIXTURE;
        }
        if (missing || !quotes.isEmpty() || !gone.isEmpty()) {
            return Kind.QUOTES;
        }
        if (score != null) {
            return Kind.SCORE;
        }
        return incidents.isEmpty() ? Kind.SEEN : Kind.INCIDENT;
    }
}
