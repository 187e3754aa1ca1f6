package touchline.relay;

import java.util.Set;
import touchline.update.MarketUpdate;

/** Hears what Redis holds and says. All calls come from one thread. */
interface ShardListener {

    /**
     * Before anything else, and again when a Redis that was emptied has been filled under another count: a match may be
     * of another shard from here on.
     */
    default void shards(int count) {}

    /**
     * The next entry of a shard's stream.
     *
     * @return false when it does not fit what is held: the match's image is read again, and told
     */
    boolean update(int shard, MarketUpdate update);

    /**
     * What a match's hash holds, as an update of kind image, or end for a match that is over. It may stand below what is
     * held already.
     *
     * @return false when its cells are not what its checksums say: it is read again later
     */
    boolean image(int shard, MarketUpdate image);

    /** All images of a shard have been told: a match that is not among these is no longer in Redis. */
    void complete(int shard, Set<String> matches);

    /**
     * All that the shard says up to its beat has been told.
     *
     * @param beatMs log time up to which the shard is complete, -1 when unknown
     * @param generation of the shard's writer, -1 when unknown
     */
    void beat(int shard, long beatMs, long generation);

    /** The shard cannot be read at the moment; told once until it can be again: the next thing that is told of it. */
    void away(int shard, String reason);

    /** What was told by now may go out; comes after each batch of entries. */
    void flush();
}
