package touchline.audit;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Times;

/** Updates of one match made by hand: cells and their right checksums. */
final class Updates {

    private final String match;
    private final TreeMap<String, String> cells = new TreeMap<>();

    Updates(String match) {
        this.match = match;
    }

    MarketUpdate image(String position, Map<String, String> set) {
        cells.clear();
        return make(position, MarketUpdate.Kind.IMAGE, set);
    }

    MarketUpdate end(String position, Map<String, String> set) {
        cells.clear();
        return make(position, MarketUpdate.Kind.END, set);
    }

    MarketUpdate patch(String position, Map<String, String> set) {
        return make(position, MarketUpdate.Kind.PATCH, set);
    }

    MarketUpdate remove(String position, String cell) {
        cells.remove(cell);
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        sums.put(MarketUpdate.group(cell), sum(MarketUpdate.group(cell)));
        return new MarketUpdate(
                match,
                Position.parse(position),
                MarketUpdate.Kind.PATCH,
                new TreeMap<>(),
                new TreeSet<>(java.util.List.of(cell)),
                sums,
                new Times(1, 2, 3, 4, 5));
    }

    private MarketUpdate make(String position, MarketUpdate.Kind kind, Map<String, String> set) {
        cells.putAll(set);
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        for (String cell : set.keySet()) {
            sums.put(MarketUpdate.group(cell), sum(MarketUpdate.group(cell)));
        }
        return new MarketUpdate(
                match,
                Position.parse(position),
                kind,
                new TreeMap<>(set),
                new TreeSet<>(),
                sums,
                new Times(1, 2, 3, 4, 5));
    }

    private @Nullable String sum(String group) {
        TreeMap<String, String> fields = new TreeMap<>();
        cells.forEach((cell, value) -> {
            if (MarketUpdate.group(cell).equals(group)) {
                fields.put(MarketUpdate.field(cell), value);
            }
        });
        return fields.isEmpty() ? null : Checksum.hex(Checksum.of(fields));
    }
}
