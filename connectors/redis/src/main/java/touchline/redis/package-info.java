/**
 * Redis as an exactly-once sink of versioned updates: {@link touchline.redis.RedisSink} and its settings. Whoever
 * writes anything else to Redis, or reads it, lives elsewhere.
 *
 * <p>Read {@code apply.lua} first: it is the contract, and all that decides. Then {@link touchline.redis.RedisWriter},
 * which keeps one call per shard in flight; {@link touchline.redis.RedisLink} is the only file that knows the client
 * library.
 */
package touchline.redis;
