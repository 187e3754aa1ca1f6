/**
 * How any part of Touchline reaches Redis. {@link touchline.redislink.RedisAddress} says where it is and as whom one
 * goes there; {@link touchline.redislink.RedisDialer} makes connections. What is said over them is the business of
 * others: no key and no script is known here, and neither Flink nor a match.
 */
package touchline.redislink;
