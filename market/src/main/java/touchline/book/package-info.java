/**
 * What we believe: one book per match, and the rules that turn what we are told into what we say.
 *
 * <p>Read {@link touchline.book.MarketMachine} first (the one way in), then {@code MatchRules} (score, phase, silence,
 * incidents), {@code MarketRuling} (which prices count, when a market is open), and {@code Draft} (how one step is
 * applied whole or not at all). No clock, no randomness, no I/O, no logging; every iteration is in a defined order.
 */
package touchline.book;
