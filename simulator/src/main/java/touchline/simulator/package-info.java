/**
 * The whole chain in one thread: sources, feed log, market job, Redis, relays, clients, all under random faults, in virtual
 * time and with one source of chance, so that a seed is a run. Every step checks the promises P1 to P7.
 *
 * <p>Real here: {@code MarketMachine} and its rules, {@code Changes} (what of a poll is news), positions, checksums, updates,
 * the reading of feed records. Modelled after the contracts: the log and its clocks, Flink (channels, watermarks, timers,
 * aligned checkpoints, restores), the shell around the machine, the Redis sink and its scripts, Redis with its failovers,
 * relays and clients. A model that differs from what it stands for proves nothing: whoever changes the one changes the other.
 *
 * <p>Read {@link touchline.simulator.Simulation} first, then {@code Chain} (what a run consists of), {@code Truth} (what is
 * right) and {@code Promises} (what must hold). {@link touchline.simulator.Flaw} lists what is broken on purpose, to see that
 * it is found.
 */
package touchline.simulator;
