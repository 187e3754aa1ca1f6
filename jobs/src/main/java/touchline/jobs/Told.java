package touchline.jobs;

/** A record of the feed log on its way to its match's book: still bytes, which are read once, there. */
final class Told {

    final String match;
    final long logTime;
    final byte[] record;

    Told(String match, long logTime, byte[] record) {
        this.match = match;
        this.logTime = logTime;
        this.record = record;
    }

    String match() {
        return match;
    }
}
