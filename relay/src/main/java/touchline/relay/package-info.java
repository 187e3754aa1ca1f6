/**
 * From Redis to a crowd: holds every match's state, and keeps each client current over WebSocket or SSE.
 *
 * <p>The idea: <em>state is the queue</em>. Nothing is kept per client but where it stands; whatever a client is behind, one
 * patch made from the present state brings it up. Clients that want the same on one event loop share a {@link
 * touchline.relay.View}, which is moved on once for all of them; only those that could not keep up are owed something of
 * their own.
 *
 * <p>Read first: {@link touchline.relay.MatchState} (what is known of a match, and since when), {@link touchline.relay.Board}
 * (all matches, one writer), {@link touchline.relay.Loop} and {@link touchline.relay.View} (who is sent what, and when),
 * {@link touchline.relay.Client} (one connection), {@link touchline.relay.Relay} (the wiring). PROTOCOL.md has what goes over
 * the wire.
 *
 * <p>Must not live here: Flink, rules of markets, anything that decides what a cell says.
 */
@NullMarked
package touchline.relay;

import org.jspecify.annotations.NullMarked;
