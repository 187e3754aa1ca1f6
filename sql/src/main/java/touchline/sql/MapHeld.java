package touchline.sql;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** In memory. */
final class MapHeld implements Held {

    private @Nullable Position position;
    private final Map<String, Map<String, String>> cells = new TreeMap<>();
    private final Map<String, Map<String, RowData>> rows = new TreeMap<>();

    @Override
    public @Nullable Position position() {
        return position;
    }

    @Override
    public void position(Position position) {
        this.position = position;
    }

    @Override
    public Set<String> groups() {
        return new TreeSet<>(cells.keySet());
    }

    @Override
    public Map<String, String> cells(String group) {
        return cells.getOrDefault(group, Map.of());
    }

    @Override
    public void cells(String group, Map<String, String> now) {
        put(cells, group, now);
    }

    @Override
    public Map<String, RowData> rows(String group) {
        return rows.getOrDefault(group, Map.of());
    }

    @Override
    public void rows(String group, Map<String, RowData> now) {
        put(rows, group, now);
    }

    Iterable<Map<String, RowData>> allRows() {
        return rows.values();
    }

    private static <V> void put(Map<String, Map<String, V>> all, String group, Map<String, V> now) {
        if (now.isEmpty()) {
            all.remove(group);
        } else {
            all.put(group, now);
        }
    }
}
