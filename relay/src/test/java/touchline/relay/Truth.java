package touchline.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Times;

/** One match as it really is: makes the updates that lead through its life, each with the right position and sums. */
final class Truth {

    private static final Times TIMES = new Times(0, 0, 0, 0, 0);
    private static final List<String> MARKETS = List.of("h2h", "totals", "totals:3.5", "btts");

    final String match;
    final SortedMap<String, String> cells = new TreeMap<>();
    Position position;
    boolean ended;

    Truth(String match, long generation, long created) {
        this.match = match;
        this.position = new Position(generation, created, 0);
    }

    /** The first update of a book. */
    MarketUpdate begin(String phase, String league) {
        cells.put("match/home", "Arsenal");
        cells.put("match/away", "Chelsea");
        cells.put("match/phase", phase);
        cells.put("match/sport", "soccer");
        cells.put("match/league", league);
        cells.put("match/feed", "up");
        cells.put("h2h/@status", "open");
        cells.put("h2h/home", "2.1");
        return whole(MarketUpdate.Kind.IMAGE);
    }

    /** All of it, one version on. */
    MarketUpdate whole(MarketUpdate.Kind kind) {
        position = position.next();
        ended = kind == MarketUpdate.Kind.END;
        return now(kind);
    }

    /** What it is, at the position where it is. */
    MarketUpdate now(MarketUpdate.Kind kind) {
        return new MarketUpdate(match, position, kind, new TreeMap<>(cells), new TreeSet<>(), sums(groups()), TIMES);
    }

    /** The next update: these cells, null for those that go. */
    MarketUpdate patch(Map<String, @Nullable String> changes) {
        SortedMap<String, String> set = new TreeMap<>();
        SortedSet<String> del = new TreeSet<>();
        Set<String> groups = new TreeSet<>();
        changes.forEach((cell, value) -> {
            groups.add(MarketUpdate.group(cell));
            if (value == null) {
                if (cells.remove(cell) != null) {
                    del.add(cell);
                }
            } else {
                cells.put(cell, value);
                set.put(cell, value);
            }
        });
        position = position.next();
        return new MarketUpdate(match, position, MarketUpdate.Kind.PATCH, set, del, sums(groups), TIMES);
    }

    /** Something that may happen to a match next. */
    MarketUpdate happen(Random random) {
        // An end is the last of its epoch.
        int what = ended ? 2 : random.nextInt(20);
        if (what == 0) {
            cells.put("match/phase", "ended");
            return whole(MarketUpdate.Kind.END);
        } else if (what == 1) {
            return whole(MarketUpdate.Kind.IMAGE);
        } else if (what == 2) {
            position = new Position(position.generation(), position.created() + 1, 0);
            ended = false;
            return begin(random.nextBoolean() ? "live" : "upcoming", "epl");
        } else if (what < 5) {
            return patch(Map.of("match/phase", random.nextBoolean() ? "live" : "upcoming"));
        } else if (what == 5) {
            Map<String, @Nullable String> all = new TreeMap<>();
            String market = MARKETS.get(random.nextInt(MARKETS.size()));
            cells.keySet().stream()
                    .filter(cell -> MarketUpdate.group(cell).equals(market))
                    .forEach(cell -> all.put(cell, null));
            return patch(all.isEmpty() ? Map.of("match/home_score", "" + random.nextInt(9)) : all);
        }
        Map<String, @Nullable String> some = new TreeMap<>();
        int markets = 1 + random.nextInt(2);
        for (int i = 0; i < markets; i++) {
            String market = MARKETS.get(random.nextInt(MARKETS.size()));
            some.put(market + "/home", (1 + random.nextInt(900)) + "." + (1 + random.nextInt(9)));
            some.put(market + "/@status", random.nextInt(3) == 0 ? "suspended" : "open");
            some.put(market + "/draw", random.nextInt(3) == 0 ? null : "" + random.nextInt(99));
        }
        return patch(some);
    }

    /** What somebody with these columns should hold. */
    SortedMap<String, String> seenBy(Columns columns) {
        SortedMap<String, String> seen = new TreeMap<>();
        cells.forEach((cell, value) -> {
            if (columns.cover(MarketUpdate.group(cell))) {
                seen.put(cell, value);
            }
        });
        return seen;
    }

    private Set<String> groups() {
        return cells.keySet().stream().map(MarketUpdate::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private SortedMap<String, @Nullable String> sums(Set<String> groups) {
        return sums(cells, groups);
    }

    static SortedMap<String, @Nullable String> sums(Map<String, String> cells, Set<String> groups) {
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        for (String group : groups) {
            Map<String, String> fields = new TreeMap<>();
            cells.forEach((cell, value) -> {
                if (MarketUpdate.group(cell).equals(group)) {
                    fields.put(MarketUpdate.field(cell), value);
                }
            });
            sums.put(group, fields.isEmpty() ? null : Checksum.hex(Checksum.of(fields)));
        }
        return sums;
    }

    static List<Truth> some(int count) {
        List<Truth> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Truth("m:" + i, 1, 1_000 + i));
        }
        return all;
    }
}
