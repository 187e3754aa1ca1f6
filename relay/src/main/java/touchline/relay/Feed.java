package touchline.relay;

import org.jspecify.annotations.Nullable;

/** What a match's own sources do, in rising order of trouble. */
enum Feed {
    UP,
    STALE,
    DOWN;

    String json() {
        return switch (this) {
            case UP -> "up";
            case STALE -> "stale";
            case DOWN -> "down";
        };
    }

    /** As the cell {@code match/feed} says it; where there is none nobody is silent. */
    static Feed of(@Nullable String cell) {
        return cell == null || cell.equals("up") ? UP : cell.equals("stale") ? STALE : DOWN;
    }

    Feed or(Feed that) {
        return compareTo(that) >= 0 ? this : that;
    }
}
