package touchline.sql;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.UpdateJson;

/**
 * How a table comes of updates. What is not above the position of its match is a repeat and changes nothing (the topic is
 * at least once), save that an image of that very position completes what its beginning's loss had left in parts. Images and ends replace the cells, patches change them. A group of cells makes rows once its checksum
 * is the one that the update names, so a match whose beginning the topic no longer has shows what can be known of it, and
 * nothing that is half known.
 */
final class Fold implements Follower {
    private static final long serialVersionUID = 1L;

    private final Rows rows;

    Fold(Rows rows) {
        this.rows = rows;
    }

    @Override
    public void follow(Entry entry, Held held, RowSink out) {
        apply(UpdateJson.read(entry.value), held, out);
    }

    void apply(MarketUpdate update, Held held, RowSink out) {
        Position before = held.position();
        boolean whole = update.kind() != MarketUpdate.Kind.PATCH;
        int order = before == null ? 1 : update.position().compareTo(before);
        if (whole ? order < 0 : order <= 0) {
            return;
        }
        held.position(update.position());
        Set<String> groups = new TreeSet<>(update.sums().keySet());
        if (whole) {
            groups.addAll(held.groups());
        }
        for (String group : groups) {
            if (rows.areOf(group)
                    && (order > 0 || !isWhole(held.cells(group), update.sums().get(group)))) {
                group(update, group, whole, held, out);
            }
        }
    }

    private void group(MarketUpdate update, String group, boolean whole, Held held, RowSink out) {
        Map<String, String> cells = new HashMap<>();
        if (!whole) {
            cells.putAll(held.cells(group));
        }
        String prefix = group + "/";
        update.set().forEach((cell, value) -> {
            if (cell.startsWith(prefix) && MarketUpdate.group(cell).equals(group)) {
                cells.put(MarketUpdate.field(cell), value);
            }
        });
        for (String cell : update.del()) {
            if (MarketUpdate.group(cell).equals(group)) {
                cells.remove(MarketUpdate.field(cell));
            }
        }
        @Nullable String sum = update.sums().get(group);
        if (sum == null) {
            cells.clear();
        }
        held.cells(group, cells);
        boolean known = isWhole(cells, sum);
        Said said = new Said(
                update.match(),
                update.position(),
                update.times().log(),
                group,
                "",
                known ? Map.copyOf(cells) : Map.of());
        held.rows(group, rows.follow(said, held.rows(group), out));
    }

    private static boolean isWhole(Map<String, String> cells, @Nullable String sum) {
        return sum != null && sum.equals(Checksum.hex(Checksum.of(cells)));
    }
}
