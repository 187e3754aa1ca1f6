package touchline.relay;

/** How far a follower is with a shard. */
enum ShardState {
    /** Redis cannot be reached, or holds nothing of it. */
    AWAY,
    /** Its images are being read. */
    LOADING,
    /** Its stream is followed. */
    FOLLOWING
}
