package touchline.redis;

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

/** One match's state and what it says about itself: the part of a machine that the sink's tests need. */
final class Book {

    private static final Times TIMES = new Times(1, 2, 3, 4, 0);

    private final String match;
    private final SortedMap<String, String> cells = new TreeMap<>();
    private Position position;
    private boolean ended;

    Book(String match, long generation, long created) {
        this.match = match;
        this.position = new Position(generation, created, 0);
    }

    String match() {
        return match;
    }

    Position position() {
        return position;
    }

    boolean hasEnded() {
        return ended;
    }

    SortedMap<String, String> cells() {
        return cells;
    }

    /** A copy that goes its own way from here. */
    Book copy() {
        Book copy = new Book(match, position.generation(), position.created());
        copy.position = position;
        copy.cells.putAll(cells);
        copy.ended = ended;
        return copy;
    }

    /** The first update: a new version, as an image. */
    MarketUpdate begin(Map<String, String> set) {
        cells.putAll(set);
        position = position.next();
        return image();
    }

    /** What it holds, again, at the same position. */
    MarketUpdate image() {
        return whole(ended ? MarketUpdate.Kind.END : MarketUpdate.Kind.IMAGE);
    }

    MarketUpdate end() {
        position = position.next();
        ended = true;
        return whole(MarketUpdate.Kind.END);
    }

    /** The patch that follows so many others. */
    MarketUpdate jump(long version, Map<String, String> changes) {
        position = new Position(position.generation(), position.created(), version);
        return patch(new TreeMap<String, @Nullable String>(changes));
    }

    /** The next version: null deletes. */
    MarketUpdate patch(Map<String, @Nullable String> changes) {
        position = position.next();
        SortedMap<String, String> set = new TreeMap<>();
        SortedSet<String> del = new TreeSet<>();
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        changes.forEach((cell, value) -> {
            if (value == null) {
                cells.remove(cell);
                del.add(cell);
            } else {
                cells.put(cell, value);
                set.put(cell, value);
            }
            sums.put(MarketUpdate.group(cell), null);
        });
        SortedMap<String, String> all = sums(cells);
        sums.replaceAll((group, none) -> all.get(group));
        return new MarketUpdate(match, position, MarketUpdate.Kind.PATCH, set, del, sums, TIMES);
    }

    private MarketUpdate whole(MarketUpdate.Kind kind) {
        return new MarketUpdate(
                match, position, kind, new TreeMap<>(cells), new TreeSet<>(), new TreeMap<>(sums(cells)), TIMES);
    }

    /** Per group its checksum. */
    static SortedMap<String, String> sums(Map<String, String> cells) {
        SortedMap<String, Long> sums = new TreeMap<>();
        cells.forEach((cell, value) -> sums.merge(
                MarketUpdate.group(cell),
                Checksum.plus(Checksum.EMPTY, MarketUpdate.field(cell), value),
                (sum, none) -> Checksum.plus(sum, MarketUpdate.field(cell), value)));
        SortedMap<String, String> hex = new TreeMap<>();
        sums.forEach((group, sum) -> hex.put(group, Checksum.hex(sum)));
        return hex;
    }
}
