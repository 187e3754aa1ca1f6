package touchline.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.simulator.Truth.Lineage;
import touchline.simulator.Truth.Said;
import touchline.update.Position;

/**
 * P6, and what of P4 hangs on it: a beat vouches for all that was said before it, and a client that does not know better
 * shows nothing that is older than 5 s.
 */
final class KnownAge {

    static final long KNOWN_WITHIN_MS = 5_000;

    private final Chain chain;

    KnownAge(Chain chain) {
        this.chain = chain;
    }

    /** Redis holds all that its beat vouches for. */
    void beat(RedisShard shard, long beat) {
        Lineage lineage = chain.truth.of(shard.generation);
        if (lineage == null) {
            return;
        }
        for (String match : chain.world.inLog()) {
            if (Chain.shardOf(match) == shard.number) {
                RedisShard.Stored stored = shard.hashes.get(match);
                vouched("redis", match, stored == null ? null : stored.position(), lineage, beat);
            }
        }
    }

    /** Is all that was said of the match up to a log time held? A match of an older generation is nobody's word. */
    void vouched(String reader, String match, @Nullable Position held, Lineage lineage, long beat) {
        Said owed = upTo(lineage.history(match), beat);
        if (owed == null || (held != null && held.generation() < lineage.generation())) {
            return;
        }
        if (held == null ? !owed.ended() : held.compareTo(owed.position()) < 0) {
            throw new Broken(
                    Promise.P6_KNOWN_AGE,
                    match,
                    reader + " has a beat of " + chain.trace.at(beat) + " and holds " + Trace.show(held)
                            + ", where all up to " + Trace.show(owed.position()) + " was said at "
                            + chain.trace.at(owed.logTime()));
        }
    }

    private static @Nullable Said upTo(List<Said> history, long logTime) {
        for (int i = history.size() - 1; i >= 0; i--) {
            if (history.get(i).logTime() <= logTime) {
                return history.get(i);
            }
        }
        return null;
    }

    /** A client takes what it shows of a match for current. */
    void believed(String reader, String match, Position held, Columns columns) {
        long now = chain.time.now();
        Lineage lineage = chain.truth.of(held.generation());
        Said here = lineage == null ? null : lineage.at(match, held);
        if (lineage == null || here == null) {
            return;
        }
        List<Said> history = lineage.history(match);
        for (int i = here.index() + 1; i < history.size(); i++) {
            Said next = history.get(i);
            if (now - next.appendedAt() <= KNOWN_WITHIN_MS) {
                break;
            }
            if (!next.cells().of(columns).all().equals(here.cells().of(columns).all())) {
                throw new Broken(
                        Promise.P6_KNOWN_AGE,
                        match,
                        reader + " shows " + Trace.show(held) + " as current; " + Trace.show(next.update()) + " is "
                                + (now - next.appendedAt()) + " ms old");
            }
        }
        Lineage current = chain.truth.current();
        if (current.generation() > held.generation()
                && now - current.startedAt > KNOWN_WITHIN_MS
                && current.last(match) != null) {
            throw new Broken(
                    Promise.P6_KNOWN_AGE,
                    match,
                    reader + " shows " + Trace.show(held) + " as current; generation " + current.generation()
                            + " began " + (now - current.startedAt) + " ms ago");
        }
    }

    /** A client takes a match for one that is not there. */
    void missed(String reader, String match, Select select) {
        Said now = chain.truth.current().last(match);
        if (now == null || now.ended() || !select.names(match, now.cells())) {
            return;
        }
        long since = chain.time.now();
        List<Said> history = chain.truth.current().history(match);
        for (int i = now.index(); i >= 0; i--) {
            Said said = history.get(i);
            if (said.ended() || !select.names(match, said.cells())) {
                break;
            }
            since = Math.max(said.appendedAt(), chain.truth.current().startedAt);
        }
        if (chain.time.now() - since > KNOWN_WITHIN_MS) {
            throw new Broken(
                    Promise.P6_KNOWN_AGE,
                    match,
                    reader + " takes itself for current and does not have it since " + (chain.time.now() - since)
                            + " ms");
        }
    }
}
