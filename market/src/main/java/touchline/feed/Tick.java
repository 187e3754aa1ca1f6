package touchline.feed;

/** Nothing but the passage of log time. */
public record Tick() implements Body {}
