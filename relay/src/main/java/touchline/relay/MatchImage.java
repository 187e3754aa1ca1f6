package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Times;

/** Reads a match's hash. */
final class MatchImage {

    private static final String POSITION = "#pos";
    private static final String SUM = "#sum/";
    /** Why it ended: a cell of every match that has, and of no other. */
    private static final String ENDED = "match/ended";

    private static final Times NO_TIMES = new Times(0, 0, 0, 0, 0);

    private MatchImage() {}

    /** @throws IllegalArgumentException when it is no match's hash */
    static MarketUpdate of(String match, Map<String, byte[]> fields) {
        Position position = null;
        SortedMap<String, String> cells = new TreeMap<>();
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        for (Map.Entry<String, byte[]> field : fields.entrySet()) {
            String name = field.getKey();
            String value = new String(field.getValue(), UTF_8);
            if (name.equals(POSITION)) {
                position = Position.parse(value);
            } else if (name.startsWith(SUM)) {
                sums.put(name.substring(SUM.length()), value);
            } else if (name.indexOf('/') > 0) {
                cells.put(name, value);
            } else if (!name.startsWith("#")) {
                throw new IllegalArgumentException("not a match's hash: it has a field " + name);
            }
        }
        if (position == null) {
            throw new IllegalArgumentException("not a match's hash: it has no field " + POSITION);
        }
        MarketUpdate.Kind kind = cells.containsKey(ENDED) ? MarketUpdate.Kind.END : MarketUpdate.Kind.IMAGE;
        return new MarketUpdate(match, position, kind, cells, Collections.emptySortedSet(), sums, NO_TIMES);
    }
}
