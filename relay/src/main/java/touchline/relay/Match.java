package touchline.relay;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** One match: its state now, written by the board's thread alone and read by every loop. */
final class Match {

    final String id;
    /** A bit per loop that has been told of a change and has not looked yet. */
    private final AtomicLong told = new AtomicLong();

    private volatile @Nullable MatchState state;
    private volatile int shard;
    /** Where an update stood that did not fit; null when there was none. */
    private volatile @Nullable Position refused;
    /** Since when Redis does not list it any more, ms; 0 while it does. The board's thread alone. */
    long missingSince;

    Match(String id) {
        this.id = id;
    }

    /** Null before it is first told of, and once it was dropped. */
    @Nullable
    MatchState state() {
        return state;
    }

    void become(@Nullable MatchState state) {
        this.state = state;
    }

    void refuse(Position position) {
        refused = position;
    }

    /** Is there something newer than what is held, which could not be taken and has not been made up for? */
    boolean isInDoubt() {
        Position beyond = refused;
        MatchState held = state;
        return beyond != null && held != null && held.position.compareTo(beyond) < 0;
    }

    int shard() {
        return shard;
    }

    void shard(int shard) {
        if (this.shard != shard) {
            this.shard = shard;
        }
    }

    /** @return false when the loop has been told already */
    boolean tell(int loop) {
        long bit = 1L << loop;
        return (told.getAndUpdate(bits -> bits | bit) & bit) == 0;
    }

    /** The loop is about to look. */
    void look(int loop) {
        long bit = 1L << loop;
        told.getAndUpdate(bits -> bits & ~bit);
    }
}
