package touchline.feed;

/**
 * Something that could not be used, for the topic {@code feed.rejected}.
 *
 * @param match the match it speaks of, empty when unknown
 * @param source the source stream, empty when unknown
 * @param detail names the field, the value and what to do
 * @param payload what was refused, as it came (or the part that was refused, as JSON)
 */
public record Refused(Refusal reason, String match, String source, String detail, String payload) {}
