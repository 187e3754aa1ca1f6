/**
 * What we say: versioned updates of a match's cells, their checksums, and where they live in Redis.
 *
 * <p>Read {@link touchline.update.MarketUpdate} first, then {@link touchline.update.Position} and {@link
 * touchline.update.Checksum}. This is the contract with every reader; nothing here knows why a cell has its value.
 */
package touchline.update;
