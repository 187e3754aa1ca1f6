/**
 * Live markets as tables of Flink SQL. The tables are declared in {@code sql/tables.sql} and {@code sql/views.sql}, and nowhere
 * else; {@link touchline.sql.TouchlineCatalog} offers them, read-only, in every session of a {@link touchline.sql.Gateway}.
 *
 * <p>Read {@link touchline.sql.Fold} first: how rows come of updates. Then {@link touchline.sql.Tables}, which names every
 * column, and {@link touchline.sql.TouchlineTable}, which puts both on a Kafka topic. What stands in SQL is not here.
 */
package touchline.sql;
