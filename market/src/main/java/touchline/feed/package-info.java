/**
 * What we are told: the records of the feed log, as Java values and as JSON, and the reasons why one is refused.
 *
 * <p>Read {@link touchline.feed.FeedRecord} first, then {@link touchline.feed.View} (a provider's poll) and
 * {@link touchline.feed.ManualDocument} (an operator's word). No rule about matches lives here, only shapes and bounds.
 */
package touchline.feed;
