package touchline.bench.relay;

import java.util.Collections;
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

/**
 * One match of the load, with three markets, and what is said about it. Its home price is the time at which it was meant
 * to be sent; no feed could say that, but every reader takes it as a price.
 */
final class Fixture {

    private final String name;
    private final SortedMap<String, String> cells = new TreeMap<>();
    private final SortedMap<String, Long> sums = new TreeMap<>();
    private Position position;
    private int turn;

    Fixture(int number, long created) {
        name = "bench:" + number;
        position = new Position(1, created, 0);
        put("match/home", "Home " + number);
        put("match/away", "Away " + number);
        put("match/league", "Bench League");
        put("match/sport", "soccer_bench");
        put("match/phase", "live");
        put("match/feed", "up");
        put("match/start", Long.toString(created - 60_000));
        put("match/home_score", "0");
        put("match/away_score", "0");
        for (String market : new String[] {"h2h", "totals", "btts"}) {
            put(market + "/@status", "open");
            put(market + "/@epoch", "0");
        }
        put("h2h/home", "0");
        put("h2h/draw", "3.3");
        put("h2h/away", "3.7");
        put("totals/@line", "2.5");
        put("totals/over", "1.9");
        put("totals/under", "1.95");
        put("btts/yes", "1.72");
        put("btts/no", "2.06");
    }

    String name() {
        return name;
    }

    Position position() {
        return position;
    }

    /** The checksums of its groups. */
    SortedMap<String, Long> sums() {
        return Collections.unmodifiableSortedMap(sums);
    }

    /** Its state as the first update of its epoch. */
    MarketUpdate image() {
        position = position.next();
        SortedMap<String, @Nullable String> hex = new TreeMap<>();
        sums.forEach((group, sum) -> hex.put(group, Checksum.hex(sum)));
        return update(MarketUpdate.Kind.IMAGE, new TreeMap<>(cells), Collections.emptySortedSet(), hex);
    }

    /** A bookmaker moves: two prices of one market, and every third time another market's two as well. */
    MarketUpdate price(long stamp) {
        turn++;
        SortedMap<String, @Nullable String> changes = new TreeMap<>();
        changes.put(Frames.STAMP, Clock.price(stamp));
        changes.put("h2h/away", price(3000 + turn % 700));
        if (turn % 3 == 0) {
            changes.put("totals/over", price(1800 + turn % 200));
            changes.put("totals/under", price(2100 - turn % 200));
        }
        return patch(changes);
    }

    /** A goal may have fallen: all three markets are suspended, with the time at which that was meant to be said. */
    MarketUpdate suspend(long stamp) {
        SortedMap<String, @Nullable String> changes = new TreeMap<>();
        for (String market : new String[] {"h2h", "totals", "btts"}) {
            changes.put(market + "/@status", "suspended");
            changes.put(market + "/@reasons", "goal");
            changes.put(market + "/@epoch", Long.toString(stamp));
        }
        return patch(changes);
    }

    MarketUpdate open() {
        SortedMap<String, @Nullable String> changes = new TreeMap<>();
        for (String market : new String[] {"h2h", "totals", "btts"}) {
            changes.put(market + "/@status", "open");
            changes.put(market + "/@reasons", null);
        }
        return patch(changes);
    }

    private MarketUpdate patch(Map<String, @Nullable String> changes) {
        position = position.next();
        SortedMap<String, String> set = new TreeMap<>();
        SortedSet<String> del = new TreeSet<>();
        SortedMap<String, @Nullable String> changed = new TreeMap<>();
        changes.forEach((cell, value) -> {
            if (value != null) {
                put(cell, value);
                set.put(cell, value);
            } else if (remove(cell)) {
                del.add(cell);
            }
            String group = MarketUpdate.group(cell);
            changed.put(group, Checksum.hex(sums.getOrDefault(group, Checksum.EMPTY)));
        });
        return update(MarketUpdate.Kind.PATCH, set, del, changed);
    }

    private MarketUpdate update(
            MarketUpdate.Kind kind,
            SortedMap<String, String> set,
            SortedSet<String> del,
            SortedMap<String, @Nullable String> changed) {
        long now = System.currentTimeMillis();
        return new MarketUpdate(name, position, kind, set, del, changed, new Times(now, now, now, now, now));
    }

    private void put(String cell, String value) {
        remove(cell);
        cells.put(cell, value);
        sums.merge(
                MarketUpdate.group(cell),
                Checksum.plus(Checksum.EMPTY, MarketUpdate.field(cell), value),
                (sum, none) -> Checksum.plus(sum, MarketUpdate.field(cell), value));
    }

    private boolean remove(String cell) {
        String before = cells.remove(cell);
        if (before != null) {
            sums.computeIfPresent(
                    MarketUpdate.group(cell), (group, sum) -> Checksum.minus(sum, MarketUpdate.field(cell), before));
        }
        return before != null;
    }

    private static String price(int thousandths) {
        return touchline.feed.Decimal.text(thousandths);
    }
}
