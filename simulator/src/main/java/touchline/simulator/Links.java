package touchline.simulator;

import org.jspecify.annotations.Nullable;
import touchline.feed.Link;
import touchline.simulator.Truth.Said;

/**
 * P4 where an operator says that two matches are one: the one that moved is over, and one that a match was unlinked from
 * shows no price of it as good.
 */
final class Links {

    /** Both keys are told in one breath; their partitions' records may be some way apart all the same. */
    private static final int TOLD_WITHIN_MS = 1_500;

    private final Chain chain;
    private boolean linked;
    private long toldAt = Long.MAX_VALUE;

    Links(Chain chain) {
        this.chain = chain;
    }

    /** A link is in the log. */
    void told(String match, Link link) {
        boolean now = link.linked();
        if (toldAt == Long.MAX_VALUE || now != linked) {
            linked = now;
            toldAt = chain.time.now();
        }
    }

    /** Asked now and then. */
    void look() {
        if (toldAt == Long.MAX_VALUE || chain.time.now() - toldAt < TOLD_WITHIN_MS) {
            return;
        }
        Said provider = chain.truth.current().last(World.LINKABLE);
        if (linked && provider != null && !provider.ended()) {
            throw new Broken(
                    Promise.P4_DOUBT,
                    World.LINKABLE,
                    "it was linked to " + World.CANONICAL + " " + (chain.time.now() - toldAt)
                            + " ms ago and is not over");
        }
        Said canonical = chain.truth.current().last(World.CANONICAL);
        if (!linked && canonical != null && isOpen(canonical, "totals")) {
            throw new Broken(
                    Promise.P4_DOUBT,
                    World.CANONICAL,
                    World.LINKABLE + " was unlinked from it " + (chain.time.now() - toldAt)
                            + " ms ago and its prices still stand");
        }
    }

    private static boolean isOpen(@Nullable Said said, String market) {
        return said != null && !said.ended() && said.cells().isOpen(market);
    }
}
