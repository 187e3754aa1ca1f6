package touchline.feed;

/**
 * What a provider's reader heard of one match in one poll: always a full {@link View}, or a missing one. What of it is
 * news is found later, per match, by comparing it with the poll before.
 *
 * @param match the provider's own match id, before any link
 * @param source the source stream, {@code <provider>/<stream>}
 * @param seq its place in the source's order, see {@link Seq}
 * @param at when the source says it was so, ms UTC
 * @param seen when the answer was read, ms UTC
 * @param nextMs this match is polled again within this time
 */
public record Polled(String match, String source, Seq seq, long at, long seen, long nextMs, View view) {}
