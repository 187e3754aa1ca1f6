package touchline.feed;

/** The match clock showed {@code seconds} at {@code at} (ms UTC) and has run on from there if {@code running}. */
public record Clock(long at, int seconds, boolean running) {}
