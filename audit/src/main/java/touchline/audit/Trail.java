package touchline.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** One match in the comparison: how far what Redis said has been matched with what the fold decides. */
final class Trail {

    final List<Said> said;
    final @Nullable MatchHash hash;
    int next;

    @Nullable
    Position reached;

    boolean hashMet;

    @Nullable
    Position missing;

    long missingCount;
    boolean ended;
    long endedAt;

    Trail(List<Said> said, @Nullable MatchHash hash) {
        this.said = said;
        this.hash = hash;
    }

    /** The next thing that was said, null at the end. */
    @Nullable
    Said peek() {
        return next < said.size() ? said.get(next) : null;
    }

    /** Does Redis hold this position or a later one? */
    boolean holds(Position position) {
        return (hash != null && hash.position().compareTo(position) >= 0)
                || (!said.isEmpty() && said.get(said.size() - 1).position().compareTo(position) >= 0);
    }
}
