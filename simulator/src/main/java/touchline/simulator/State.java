package touchline.simulator;

import java.util.Map;
import java.util.TreeMap;
import touchline.simulator.RedisShard.Stored;
import touchline.simulator.Truth.Said;
import touchline.update.Checksum;
import touchline.update.Position;

/**
 * P2 and P3: what anybody holds at a position is what the fold of the log says at that position, every cell of it that is
 * his to hold and no other. So nobody ever sees half of what one record changed.
 */
final class State {

    private final Chain chain;

    State(Chain chain) {
        this.chain = chain;
    }

    /** A match's hash in Redis. */
    void stored(String match, Stored stored) {
        Said said = said("redis", match, stored.position());
        if (!said.cells().all().equals(stored.cells())) {
            throw new Broken(
                    Promise.P2_STATE,
                    match,
                    "redis holds other cells at " + Trace.show(stored.position()) + " than the fold: "
                            + difference(stored.cells(), said.cells().all()));
        }
        Map<String, String> sums = new TreeMap<>();
        said.cells().sums().forEach((group, sum) -> sums.put(group, Checksum.hex(sum)));
        if (!sums.equals(stored.sums())) {
            throw new Broken(
                    Promise.P2_STATE,
                    match,
                    "redis holds other checksums at " + Trace.show(stored.position()) + " than the fold: "
                            + difference(new TreeMap<>(stored.sums()), sums));
        }
    }

    /** All of a match, at a relay. */
    void held(String reader, String match, Position position, Cells cells) {
        Said said = said(reader, match, position);
        String difference = cells.difference(said.cells());
        if (difference != null) {
            throw new Broken(Promise.P3_ATOMIC, match, reader + " holds at " + Trace.show(position) + " " + difference);
        }
    }

    /** Some markets of a match, at a client: whatever it holds is right, and of what it should hold nothing is missing. */
    void shown(String reader, String match, Position position, Cells cells, Columns columns) {
        Said said = said(reader, match, position);
        Columns held = columns.and(cells.sums().keySet());
        String difference = cells.difference(said.cells().of(held));
        if (difference != null) {
            throw new Broken(
                    Promise.P3_ATOMIC,
                    match,
                    reader + " shows at " + Trace.show(position) + " under " + columns + " " + difference);
        }
    }

    private Said said(String reader, String match, Position position) {
        Said said = chain.truth.at(match, position);
        if (said == null) {
            throw new Broken(
                    Promise.P2_STATE, match, reader + " holds " + Trace.show(position) + ", which nobody ever says");
        }
        return said;
    }

    private static String difference(Map<String, String> held, Map<String, String> said) {
        Map<String, String> all = new TreeMap<>(said);
        all.putAll(held);
        for (String cell : all.keySet()) {
            String here = held.get(cell);
            if (here == null || !here.equals(said.get(cell))) {
                return cell + "=" + here + " and not " + said.get(cell);
            }
        }
        return "nothing";
    }
}
