package touchline.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** In keyed state, so that an update costs the groups that it changes. */
final class KeyedHeld implements Held {

    private final ValueState<String> position;
    private final MapState<String, Map<String, String>> cells;
    private final MapState<String, Map<String, RowData>> rows;

    KeyedHeld(RuntimeContext context, TypeInformation<RowData> row) {
        position = context.getState(new ValueStateDescriptor<>("position", Types.STRING));
        cells = context.getMapState(
                new MapStateDescriptor<>("cells", Types.STRING, Types.MAP(Types.STRING, Types.STRING)));
        rows = context.getMapState(new MapStateDescriptor<>("rows", Types.STRING, Types.MAP(Types.STRING, row)));
    }

    private interface Access<V> {
        V access() throws Exception;
    }

    @Override
    public @Nullable Position position() {
        @Nullable String text = KeyedHeld.<@Nullable String>state(position::value);
        return text == null ? null : Position.parse(text);
    }

    @Override
    public void position(Position now) {
        state(() -> {
            position.update(now.toString());
            return now;
        });
    }

    @Override
    public Set<String> groups() {
        return state(() -> {
            Set<String> groups = new TreeSet<>();
            cells.keys().forEach(groups::add);
            return groups;
        });
    }

    @Override
    public Map<String, String> cells(String group) {
        return get(cells, group);
    }

    @Override
    public void cells(String group, Map<String, String> now) {
        put(cells, group, now);
    }

    @Override
    public Map<String, RowData> rows(String group) {
        return get(rows, group);
    }

    @Override
    public void rows(String group, Map<String, RowData> now) {
        put(rows, group, now);
    }

    private static <V> Map<String, V> get(MapState<String, Map<String, V>> all, String group) {
        return state(() -> {
            @Nullable Map<String, V> one = all.get(group);
            return one == null ? Map.of() : one;
        });
    }

    private static <V> void put(MapState<String, Map<String, V>> all, String group, Map<String, V> now) {
        state(() -> {
            if (now.isEmpty()) {
                all.remove(group);
            } else {
                all.put(group, now);
            }
            return now;
        });
    }

    private static <V> V state(Access<V> access) {
        try {
            return access.access();
        } catch (IOException e) {
            throw new UncheckedIOException("the state of a match", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the state of a match", e);
        }
    }
}
