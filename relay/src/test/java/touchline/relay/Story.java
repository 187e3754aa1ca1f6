package touchline.relay;

import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Times;

/** One match's state and what a job would say of it. */
final class Story {

    private static final Times TIMES = new Times(1, 2, 3, 4, 5);

    private final String match;
    private final SortedMap<String, String> cells = new TreeMap<>();
    private Position position;

    Story(String match) {
        this(match, 1, 5);
    }

    Story(String match, long generation, long created) {
        this.match = match;
        position = new Position(generation, created, 0);
    }

    String match() {
        return match;
    }

    Position position() {
        return position;
    }

    SortedMap<String, String> cells() {
        return new TreeMap<>(cells);
    }

    MarketUpdate begin(String... set) {
        cells.putAll(pairs(set));
        position = position.next();
        return image();
    }

    /** What it holds, again, at the same position. */
    MarketUpdate image() {
        MarketUpdate.Kind kind = cells.containsKey("match/ended") ? MarketUpdate.Kind.END : MarketUpdate.Kind.IMAGE;
        return new MarketUpdate(match, position, kind, cells(), new TreeSet<>(), sums(cells), TIMES);
    }

    MarketUpdate end() {
        cells.clear();
        return begin("match/ended", "completed", "match/phase", "ended");
    }

    /** The next version. */
    MarketUpdate patch(String... changes) {
        position = position.next();
        SortedMap<String, String> set = pairs(changes);
        SortedSet<String> del = new TreeSet<>();
        cells.putAll(set);
        SortedMap<String, @Nullable String> all = sums(cells);
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        set.keySet().forEach(cell -> sums.put(MarketUpdate.group(cell), all.get(MarketUpdate.group(cell))));
        return new MarketUpdate(match, position, MarketUpdate.Kind.PATCH, set, del, sums, TIMES);
    }

    /** Per group its checksum. */
    static SortedMap<String, @Nullable String> sums(Map<String, String> cells) {
        SortedMap<String, Long> sums = new TreeMap<>();
        cells.forEach((cell, value) -> sums.merge(
                MarketUpdate.group(cell),
                Checksum.plus(Checksum.EMPTY, MarketUpdate.field(cell), value),
                (sum, none) -> Checksum.plus(sum, MarketUpdate.field(cell), value)));
        SortedMap<String, @Nullable String> hex = new TreeMap<>();
        sums.forEach((group, sum) -> hex.put(group, Checksum.hex(sum)));
        return hex;
    }

    private static SortedMap<String, String> pairs(String... words) {
        SortedMap<String, String> pairs = new TreeMap<>();
        for (int i = 0; i < words.length; i += 2) {
            pairs.put(words[i], words[i + 1]);
        }
        return pairs;
    }
}
