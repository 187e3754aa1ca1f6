package touchline.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/**
 * What a client is owed who is not in step with his view: the matches that moved since, one entry each, however long it
 * takes. His loop's thread alone.
 */
final class Dues {

    /**
     * @param held where he stands: he is never taken back from there
     * @param fits a patch from there does; otherwise he holds other columns, and gets an image
     * @param first asked for by a subscription, which is ready when it was sent
     */
    record Owed(@Nullable Position held, boolean fits, boolean first) {}

    private static final int RANKS = 4;

    private Map<String, Owed> owed = Map.of();
    private int firsts;

    /** @param owed from now on; theirs alone */
    void become(Map<String, Owed> owed) {
        this.owed = owed;
        firsts = (int) owed.values().stream().filter(Owed::first).count();
    }

    boolean isEmpty() {
        return owed.isEmpty();
    }

    int size() {
        return owed.size();
    }

    /** Is there anything that a subscription waits for? */
    boolean hasFirsts() {
        return firsts > 0;
    }

    @Nullable
    Owed get(String match) {
        return owed.get(match);
    }

    Map<String, Owed> all() {
        return owed;
    }

    /** A match moved on from there. */
    void add(String match, @Nullable Position held) {
        if (owed.isEmpty()) {
            owed = new HashMap<>();
        }
        Owed was = owed.get(match);
        if (was == null) {
            owed.put(match, new Owed(held, true, false));
        } else if (held == null) {
            // The view has begun this match anew, under other columns than those that he holds.
            owed.put(match, new Owed(was.held, false, was.first));
        }
    }

    /** It was sent, or need not be. */
    void settle(String match) {
        Owed was = owed.remove(match);
        if (was != null && was.first) {
            firsts--;
        }
        if (owed.isEmpty()) {
            owed = Map.of();
        }
    }

    /** It cannot be sent yet: a subscription does not wait for it to be ready. */
    void settleLater(String match) {
        Owed was = owed.get(match);
        if (was != null && was.first) {
            firsts--;
            owed.put(match, new Owed(was.held, was.fits, false));
        }
    }

    /** Whatever closes a market comes first, then what is gone, then the rest, matches in play before others. */
    List<String> inOrder(View view) {
        List<List<String>> ranks = new ArrayList<>(RANKS);
        for (int i = 0; i < RANKS; i++) {
            ranks.add(new ArrayList<>(0));
        }
        owed.forEach((match, owes) -> ranks.get(rank(view.seat(match), owes)).add(match));
        List<String> order = new ArrayList<>(owed.size());
        ranks.forEach(order::addAll);
        return order;
    }

    private static int rank(@Nullable Seat seat, Owed owes) {
        MatchState sent = seat == null ? null : seat.sent;
        if (sent == null) {
            return 1;
        }
        Position held = owes.held;
        boolean closes = held != null && (!held.sameEpoch(sent.position) || sent.closedAt > held.version());
        return closes ? 0 : "live".equals(sent.facts.phase()) ? 2 : 3;
    }
}
