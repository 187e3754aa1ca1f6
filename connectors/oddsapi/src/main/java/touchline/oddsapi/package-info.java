/**
 * The Odds API v4 as a Flink source: {@link touchline.oddsapi.OddsApiSource} polls odds and scores per sport and emits,
 * per poll and match, a full view of what was heard.
 *
 * <p>Read {@link touchline.oddsapi.OddsApiConfig} first, then {@code OddsApi} (the seam to the vendor), {@code Listing}
 * (its answers in our words), {@code Account} (what may be spent, and when) and {@code Poller} (one split's life). {@link
 * touchline.oddsapi.OddsTableFactory} makes a table of SQL of it. What
 * is news, which match is linked to which, and any rule about markets must not live here.
 */
package touchline.oddsapi;
