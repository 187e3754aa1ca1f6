package touchline.audit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** Differences: all counted, the first ones kept. */
final class Shortlist {

    private final int max;
    private final List<Difference> kept = new ArrayList<>();
    private final Map<Difference.Kind, Long> counts = new EnumMap<>(Difference.Kind.class);

    Shortlist(int max) {
        this.max = max;
    }

    void add(Difference.Kind kind, String match, @Nullable Position position, String detail) {
        counts.merge(kind, 1L, Long::sum);
        if (kept.size() < max) {
            kept.add(new Difference(kind, match, position == null ? "" : position.toString(), detail));
        }
    }

    List<Difference> kept() {
        return kept;
    }

    Map<Difference.Kind, Long> counts() {
        return counts;
    }
}
