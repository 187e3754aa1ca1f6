package touchline.feed;

/** A bookmaker's market that the last successful poll no longer had. */
public record Gone(String bookmaker, String market) {}
