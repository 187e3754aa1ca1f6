/**
 * Redis as an exactly-once sink of versioned updates: {@link touchline.redis.RedisSink} and its settings. And plain
 * streams as tables of SQL: {@link touchline.redis.StreamsTableFactory}, with {@code rows.lua} and {@code RowsWriter} to
 * write, {@code StreamsSource} to read; the two share the way to Redis and no key. Whoever writes anything else to
 * Redis, or reads it, lives elsewhere.
 *
 * <p>Read {@code apply.lua} first: it is the contract, and all that decides. Then {@link touchline.redis.RedisWriter},
 * which keeps one call per shard in flight; {@link touchline.redis.RedisLink} is the only file that knows the client
 * library.
 */
package touchline.redis;
