package touchline.simulator;

import org.jspecify.annotations.Nullable;
import touchline.simulator.Truth.Said;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/** P1: per match, positions rise; no gap, no repeat, no step back. */
final class Order {

    /** What the machine says of a match: one version after the other, each epoch begun by an image. */
    void follows(String match, @Nullable Said before, Said now) {
        Position position = now.position();
        boolean right;
        if (before != null && before.position().sameEpoch(position)) {
            right = position.equals(before.position().next()) && !before.ended();
        } else {
            right = isFirst(now) && (before == null || position.compareTo(before.position()) > 0);
        }
        if (!right) {
            throw new Broken(
                    Promise.P1_ORDER,
                    match,
                    "the book goes from " + (before == null ? "nothing" : Trace.show(before.position())) + " to "
                            + Trace.show(now.update()));
        }
    }

    private static boolean isFirst(Said said) {
        return said.position().version() == 1 && said.update().kind() != MarketUpdate.Kind.PATCH;
    }

    /** A reader holds another position than before. */
    void moves(String reader, String match, @Nullable Position before, Position now) {
        if (before != null && now.compareTo(before) < 0) {
            throw new Broken(
                    Promise.P1_ORDER,
                    match,
                    reader + " goes back from " + Trace.show(before) + " to " + Trace.show(now));
        }
    }
}
