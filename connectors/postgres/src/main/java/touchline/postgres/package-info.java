/**
 * The operators' database as a Flink source: documents of matches, links and heartbeats, by change data capture.
 *
 * <p>Read {@link touchline.postgres.ManualMatches} first, then {@link touchline.postgres.Captured}. What the tables mean
 * is said in {@code deploy/postgres}; what a document means to a match is not decided here. {@link
 * io.debezium.connector.postgresql.connection.WalPositionLocator} replaces a class of Debezium that loses rows.
 */
package touchline.postgres;
