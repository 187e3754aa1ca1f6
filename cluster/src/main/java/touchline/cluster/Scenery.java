package touchline.cluster;

import java.util.Map;

/** The installation that a fault can strike. */
enum Scenery {
    /** As it is shipped. */
    SHIPPED {
        @Override
        Plan plan(Load load, String from) {
            return Plan.usual(WORKERS, load, Map.of());
        }
    },

    /** Every way can be made bad, and the checkpoints' disk is small. */
    FRAGILE {
        @Override
        Plan plan(Load load, String from) {
            return new Plan(WORKERS, load, true, SmallDisk.isPossible(), Map.of(), Plan.builtJar());
        }
    },

    /** The jobs are those of an earlier version. */
    EARLIER {
        @Override
        Plan plan(Load load, String from) {
            return new Plan(WORKERS, load, false, false, Map.of(), EarlierJar.of(from));
        }
    };

    /** The endpoint under which an installation tells which jar its jobs began with, if not today's. */
    static final String JAR = "jar";

    private static final int WORKERS = 2;

    /** @param from the earlier version, as git names it */
    abstract Plan plan(Load load, String from);

    /** Is one installation good for one strike only? */
    boolean isUsedUp() {
        return this == EARLIER;
    }
}
