package io.debezium.connector.postgresql.connection;

/** Marks our own class among two of one name, see {@link touchline.postgres.WalPositionLocatorCheck}. */
public interface ResumesAtStoredEvent {}
