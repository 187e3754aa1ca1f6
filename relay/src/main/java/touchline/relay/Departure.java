package touchline.relay;

import org.jspecify.annotations.Nullable;

/** How a client is told that a match is no longer among his. */
final class Departure {

    private Departure() {}

    /** @param state of the match now, null when it is not known any more */
    static Message of(String match, @Nullable MatchState state) {
        if (state == null || !state.ended) {
            return Json.gone(match, state == null ? null : state.position, "left", null);
        }
        String to = state.cell("match", "moved_to");
        return Json.gone(match, state.position, to == null ? "ended" : "moved", to);
    }
}
