package touchline.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/**
 * A match's image as its Redis hash holds it.
 *
 * @param cells {@code group/field} to text
 * @param sums group to the checksum that stands there
 */
record MatchHash(String match, Position position, SortedMap<String, String> cells, SortedMap<String, String> sums) {

    private static final String POSITION = "#pos";
    private static final String SUM = "#sum/";

    MatchHash {
        cells = Collections.unmodifiableSortedMap(cells);
        sums = Collections.unmodifiableSortedMap(sums);
    }

    /** Null when there is no hash, or none with a position. */
    static @Nullable MatchHash of(String match, Map<String, byte[]> fields) {
        Position position = null;
        SortedMap<String, String> cells = new TreeMap<>();
        SortedMap<String, String> sums = new TreeMap<>();
        for (Map.Entry<String, byte[]> field : fields.entrySet()) {
            String value = new String(field.getValue(), UTF_8);
            if (field.getKey().equals(POSITION)) {
                position = Position.parse(value);
            } else if (field.getKey().startsWith(SUM)) {
                sums.put(field.getKey().substring(SUM.length()), value);
            } else if (!field.getKey().startsWith("#")) {
                cells.put(field.getKey(), value);
            }
        }
        return position == null ? null : new MatchHash(match, position, cells, sums);
    }
}
