package touchline.simulator;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** What a relay says to a client, and a client to a relay. */
sealed interface Frame {

    record Image(
            String match, Position position, SortedMap<String, String> cells, SortedMap<String, @Nullable String> sums)
            implements Frame {}

    record Patch(
            String match,
            Position from,
            Position position,
            SortedMap<String, String> set,
            SortedSet<String> del,
            SortedMap<String, @Nullable String> sums)
            implements Frame {}

    /** @param over it ended or moved; else it is only no longer selected */
    record Gone(String match, boolean over) implements Frame {}

    record Ready(long id) implements Frame {}

    /**
     * How far a relay is to be trusted.
     *
     * @param ping the question that it answers, null when it was not asked for
     * @param at when it was said, by the relay's clock
     */
    record Alive(@Nullable Long ping, long at, boolean late, long lagMs, Set<String> behind) implements Frame {}

    /** @param id the client's own number of it */
    record Ping(long id) implements Frame {}

    /** What a client holds of a match from before this connection. */
    record Claim(Position position, Columns columns) {}

    record Unsubscribe(long id) implements Frame {}

    /** @param have null for a match that was sent and is not held */
    record Subscribe(long id, Select select, Columns columns, int rateMs, Map<String, @Nullable Claim> have)
            implements Frame {}
}
