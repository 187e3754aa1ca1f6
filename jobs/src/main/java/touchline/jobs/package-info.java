/**
 * The two jobs and the thin shells around the domain: {@link touchline.jobs.IngestJob} writes what the sources say into
 * the feed log, {@link touchline.jobs.MarketJob} folds the log into books and says what changed.
 *
 * <p>Read the {@code build} method of either first: it is the list of its stages. No rule of a market lives here, no
 * provider's format, no Redis command; what Flink must know of types stands in {@code FlinkTypes} alone.
 */
package touchline.jobs;
