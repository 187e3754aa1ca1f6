package touchline.relay;

/** What a follower tells about itself; all calls on its thread where nothing else is said. */
interface FollowerMetrics {

    /** How many shards there are, before anything of them is told. */
    void shards(int count);

    /** Entries of a shard that were read. */
    void entries(int shard, int count);

    /** When the sink had sent the youngest of them, ms UTC. */
    void published(int shard, long publishedMs);

    /** A shard's images are read again. */
    void reload(String reason);

    /** One match's image is read again. */
    void doubted();

    /** An entry or a hash that is not ours. */
    void unreadable();

    /** A connection is made; from any thread. */
    void dialled();

    void state(int shard, ShardState state);

    void beat(int shard, long beatMs);
}
