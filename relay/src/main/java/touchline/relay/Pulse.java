package touchline.relay;

/**
 * How far a shard is told: the log time up to which it is complete, and its writer's generation. Written by the board's
 * thread, read by every loop.
 */
final class Pulse {

    /** An open market counts as suspended when its shard's beat is further from now than this. */
    static final long LATE_MS = 3_000;

    private volatile long beatMs = -1;
    private volatile long generation = -1;

    /** An update of this generation came: what vouched for the one before it says nothing of what it tells. */
    void tells(long generation) {
        if (generation > this.generation) {
            this.generation = generation;
            beatMs = -1;
        }
    }

    void beat(long beatMs, long generation) {
        if (generation >= 0 && generation < this.generation) {
            // A look that was sent before the generation began.
            return;
        }
        if (beatMs >= 0) {
            this.beatMs = beatMs;
        }
        if (generation >= 0) {
            this.generation = generation;
        }
    }

    /** A shard of which nothing is known has been silent since ever. */
    long lagMs(long now) {
        return Math.abs(now - Math.max(0, beatMs));
    }

    boolean late(long now) {
        return lagMs(now) >= LATE_MS;
    }

    long generation() {
        return generation;
    }
}
