package touchline.bench.relay;

import java.util.Map;
import org.HdrHistogram.Histogram;

/** What a crowd has counted, as its {@link Tally} wrote it. */
record Report(Map<String, String> all) {

    long count(String name) {
        return Long.parseLong(Fleet.word(all, name));
    }

    String words(String name) {
        return Fleet.word(all, name);
    }

    Histogram histogram(String name) {
        return Tally.histogram(Fleet.word(all, name));
    }

    /** What must not be: gaps, steps back, wrong checksums, frames that cannot be read. */
    long wrongs() {
        return count("gaps") + count("back") + count("wrongSums") + count("unreadable");
    }

    String wrongsInWords() {
        return "gaps " + count("gaps") + ", steps back " + count("back") + ", wrong sums " + count("wrongSums")
                + ", unreadable " + count("unreadable");
    }
}
