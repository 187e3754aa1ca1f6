package touchline.jobs;

/** A checked feed record on its way into the log. */
final class FeedEntry {

    final String match;
    final byte[] record;

    FeedEntry(String match, byte[] record) {
        this.match = match;
        this.record = record;
    }
}
