/**
 * The outside world in a box: real PostgreSQL, Redis, Kafka and Flink on loopback, a stand-in for the odds API, and
 * what feeds it, recorded or simulated matches. For tests, the demo and the benchmarks; nothing that production runs
 * depends on it, and no rule about markets lives here.
 *
 * <p>Read {@link touchline.sandbox.OddsApiServer} first, then what can stand behind it:
 * {@link touchline.sandbox.OddsFeed} with {@link touchline.sandbox.Recording} and
 * {@link touchline.sandbox.Simulation}.
 */
package touchline.sandbox;
