package touchline.feed;

/** A quote that was confirmed unchanged: only the time of its last confirmation ({@code at}, ms UTC) moved. */
public record Stamp(String bookmaker, String market, long at) {}
