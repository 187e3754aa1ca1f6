/**
 * The crowd before a relay: what it costs to keep so many clients current, and how old is what they see. A fleet of
 * WebSocket clients and the relay run as processes of their own, beside Redis; a source writes to Redis at intended
 * times, as the market job's sink would.
 *
 * <p>Read {@link touchline.bench.relay.RelayBench} first, then {@link touchline.bench.relay.Crowd} and {@link
 * touchline.bench.relay.Held}. Nothing of the relay's own code is used here: its bytes are judged from outside.
 */
package touchline.bench.relay;
