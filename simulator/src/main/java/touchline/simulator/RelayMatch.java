package touchline.simulator;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/**
 * A match at a relay: its state is the queue. Each cell knows since which version it says what it says, so that a patch
 * from any earlier one is a look at the present; only of cells that are no more some are remembered. Does not change.
 */
final class RelayMatch {

    /** How many cells that are no more are remembered: so few that it matters. */
    private static final int REMOVED_MAX = 3;

    final String match;
    final Position position;
    final boolean ended;
    final Cells cells;
    /** A patch can be made from any version at or above this one. */
    private final long knownSince;
    /** The last version at which a market closed. */
    final long closedAt;

    private final Map<String, Long> since;
    private final SortedMap<String, Long> removed;

    private RelayMatch(
            MarketUpdate update,
            Cells cells,
            long knownSince,
            long closedAt,
            Map<String, Long> since,
            SortedMap<String, Long> removed) {
        this.match = update.match();
        this.position = update.position();
        this.ended = update.kind() == MarketUpdate.Kind.END;
        this.cells = cells;
        this.knownSince = knownSince;
        this.closedAt = closedAt;
        this.since = since;
        this.removed = removed;
    }

    /**
     * What an update leads to.
     *
     * @param merges whether an image leaves standing what it lacks
     * @param blind whether it is forgotten that an image jumped over versions
     * @return null when the cells are not what the checksums say
     */
    static @Nullable RelayMatch after(@Nullable RelayMatch before, MarketUpdate update, boolean merges, boolean blind) {
        boolean goesOn = before != null && before.position.sameEpoch(update.position());
        boolean onTop = (goesOn && update.kind() == MarketUpdate.Kind.PATCH) || merges;
        Cells held = before == null ? Cells.NONE : before.cells;
        Cells cells = (onTop ? held : Cells.NONE).with(update.set(), update.del());
        if (!cells.fit(update.sums())) {
            return null;
        }
        long version = update.position().version();
        if (!goesOn || before == null) {
            Map<String, Long> since = new HashMap<>();
            cells.all().keySet().forEach(cell -> since.put(cell, version));
            return new RelayMatch(update, cells, version, 0, since, new TreeMap<>());
        }
        return before.goOn(update, cells, version, blind);
    }

    private RelayMatch goOn(MarketUpdate update, Cells after, long version, boolean blind) {
        Map<String, Long> since = new HashMap<>(this.since);
        SortedMap<String, Long> removed = new TreeMap<>(this.removed);
        boolean whole = update.kind() != MarketUpdate.Kind.PATCH;
        for (String cell : whole ? cells.all().keySet() : update.del()) {
            if (cells.get(cell) != null && after.get(cell) == null) {
                since.remove(cell);
                removed.put(cell, version);
            }
        }
        boolean closes = false;
        for (Map.Entry<String, String> cell : update.set().entrySet()) {
            String was = cells.get(cell.getKey());
            if (!cell.getValue().equals(was)) {
                since.put(cell.getKey(), version);
                removed.remove(cell.getKey());
            }
        }
        for (String market : cells.sums().keySet()) {
            closes |= cells.isOpen(market) && !after.isOpen(market);
        }
        // Who stands at a version that was jumped over may hold what nobody here has ever seen.
        boolean jumps = version > position.version() + 1 && !blind;
        long known = jumps ? version : knownSince;
        while (removed.size() > REMOVED_MAX) {
            long oldest = Collections.min(removed.values());
            removed.values().removeIf(at -> at <= oldest);
            known = Math.max(known, oldest);
        }
        return new RelayMatch(update, after, known, closes ? version : closedAt, since, removed);
    }

    /** Can who holds this be brought here by a patch? */
    boolean reaches(Position from, boolean anyway) {
        return position.sameEpoch(from)
                && from.version() <= position.version()
                && (anyway || from.version() >= knownSince);
    }

    boolean changedSince(long version, Columns columns) {
        for (Map.Entry<String, Long> cell : since.entrySet()) {
            if (cell.getValue() > version && columns.coverCell(cell.getKey())) {
                return true;
            }
        }
        for (Map.Entry<String, Long> cell : removed.entrySet()) {
            if (cell.getValue() > version && columns.coverCell(cell.getKey())) {
                return true;
            }
        }
        return false;
    }

    Frame.Image image(Columns columns) {
        Cells some = cells.of(columns);
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        some.sums().forEach((group, sum) -> sums.put(group, Checksum.hex(sum)));
        return new Frame.Image(match, position, some.all(), sums);
    }

    Frame.Patch patch(Position from, Columns columns) {
        SortedMap<String, String> set = new TreeMap<>();
        SortedSet<String> del = new TreeSet<>();
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        since.forEach((cell, version) -> {
            if (version > from.version() && columns.coverCell(cell)) {
                set.put(cell, Objects.requireNonNull(cells.get(cell)));
                sum(cell, sums);
            }
        });
        removed.forEach((cell, version) -> {
            if (version > from.version() && columns.coverCell(cell)) {
                del.add(cell);
                sum(cell, sums);
            }
        });
        return new Frame.Patch(match, from, position, set, del, sums);
    }

    private void sum(String cell, SortedMap<String, @Nullable String> sums) {
        String group = MarketUpdate.group(cell);
        Long sum = cells.sums().get(group);
        sums.put(group, sum == null ? null : Checksum.hex(sum));
    }
}
