package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Times;

class FoldTest {

    private static final List<String> TABLES =
            List.of("prices", "markets", "matches", "scores", "incidents", "feed_health", "suspensions");

    static List<String> scenarios() {
        return Scenarios.names();
    }

    @Test
    void tellsThePricesOfAGoalAsChanges() {
        assertThat(fold("prices", Scenarios.updates("goal")).changes)
                .startsWith(
                        "+I(oddsapi:m1, h2h, away, 3.700, null, open, 1000000, 1.1000000-1, 1970-01-01T00:16:40)",
                        "+I(oddsapi:m1, h2h, draw, 3.300, null, open, 1000000, 1.1000000-1, 1970-01-01T00:16:40)",
                        "+I(oddsapi:m1, h2h, home, 2.100, null, open, 1000000, 1.1000000-1, 1970-01-01T00:16:40)",
                        "-U(oddsapi:m1, h2h, away, 3.700, null, open, 1000000, 1.1000000-1, 1970-01-01T00:16:40)",
                        "+U(oddsapi:m1, h2h, away, 3.700, null, suspended, 1030000, 1.1000000-3, 1970-01-01T00:17:10)");
    }

    @Test
    void keepsASuspensionInOneRowFromItsBeginningToItsEnd() {
        assertThat(fold("suspensions", Scenarios.updates("goal")).changes)
                .containsExactly(
                        "+I(oddsapi:m1, h2h, 1030000, 1970-01-01T00:17:10, null, goal, 1.1000000-3, 1970-01-01T00:17:10)",
                        "-U(oddsapi:m1, h2h, 1030000, 1970-01-01T00:17:10, null, goal, 1.1000000-3, 1970-01-01T00:17:10)",
                        "+U(oddsapi:m1, h2h, 1030000, 1970-01-01T00:17:10, 1970-01-01T00:17:40, goal, 1.1000000-5,"
                                + " 1970-01-01T00:17:40)");
    }

    @Test
    void readsAnIncidentsWords() {
        assertThat(fold("incidents", Scenarios.updates("possible-goal")).changes)
                .contains("+U(oddsapi:m1, oddsapi-scores-p2, possible_goal, cancelled, null, 1970-01-01T00:17:19,"
                        + " 1.1000000-6, 1970-01-01T00:17:24)");
    }

    /** A temporal join takes the time of a removal from the row. */
    @Test
    void aRowThatGoesIsFirstGivenTheTimeAtWhichItGoes() {
        List<MarketUpdate> updates = Scenarios.updates("completed");
        List<String> changes = fold("feed_health", updates).changes;
        MarketUpdate end = updates.get(updates.size() - 1);
        assertThat(end.kind()).isEqualTo(MarketUpdate.Kind.END);
        assertThat(changes.get(changes.size() - 1))
                .startsWith("-D")
                .contains(end.position().toString());
        assertThat(changes.get(changes.size() - 2))
                .startsWith("+U")
                .contains(end.position().toString());
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void whatIsToldAgainAfterARestoreChangesNothing(String scenario) {
        List<MarketUpdate> updates = Scenarios.updates(scenario);
        Random random = new Random(scenario.hashCode());
        List<MarketUpdate> repeated = new ArrayList<>();
        for (int i = 0; i < updates.size(); i++) {
            repeated.add(updates.get(i));
            if (random.nextInt(3) == 0) {
                repeated.addAll(updates.subList(random.nextInt(i + 1), i + 1));
            }
        }
        for (String table : TABLES) {
            assertThat(fold(table, repeated).changes).isEqualTo(fold(table, updates).changes);
        }
    }

    /** An image, re-told as a new position, leads to the rows to which the patches led. */
    @ParameterizedTest
    @MethodSource("scenarios")
    void anImageLeadsToTheRowsOfThePatches(String scenario) {
        for (String table : TABLES) {
            if (table.equals("suspensions")) {
                continue;
            }
            List<MarketUpdate> updates = Scenarios.updates(scenario);
            assertThat(unstamped(fold(table, images(updates)))).isEqualTo(unstamped(fold(table, updates)));
        }
    }

    @Test
    void aGroupWhoseBeginningIsNotThereHasNoRowsUntilAllOfItIs() {
        List<MarketUpdate> updates = Scenarios.updates("goal");
        List<MarketUpdate> trimmed = updates.subList(2, updates.size());
        assertThat(fold("matches", trimmed).standing()).isEmpty();
        assertThat(fold("scores", trimmed).standing()).isEmpty();
        // All cells of the market have been set since, so it is whole.
        assertThat(unstamped(fold("prices", trimmed))).isEqualTo(unstamped(fold("prices", updates)));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void anImageThatIsSaidAgainCompletesWhatIsInPartsAndChangesNothingElse(String scenario) {
        List<MarketUpdate> updates = Scenarios.updates(scenario);
        List<MarketUpdate> whole = new ArrayList<>(updates);
        whole.addAll(images(updates));
        List<MarketUpdate> parts = new ArrayList<>(updates.subList(updates.size() / 2, updates.size()));
        parts.addAll(images(updates));
        for (String table : TABLES) {
            assertThat(fold(table, whole).changes).isEqualTo(fold(table, updates).changes);
            if (!table.equals("suspensions")) {
                assertThat(unstamped(fold(table, parts))).isEqualTo(unstamped(fold(table, updates)));
            }
        }
    }

    @Test
    void aRebuiltBookTakesThePlaceOfTheLostOne() {
        Times times = new Times(1, 2, 3, 4, 5);
        SortedMap<String, String> old = new TreeMap<>(Map.of("h2h/@status", "open", "h2h/home", "2"));
        SortedMap<String, String> rebuilt = new TreeMap<>(Map.of("btts/@status", "open", "btts/yes", "1.5"));
        Changelog log = fold(
                "prices",
                List.of(
                        image("m:1", Position.parse("1.5-9"), times, old),
                        image("m:1", Position.parse("2.6-1"), times, rebuilt)));
        assertThat(log.standing())
                .containsExactly("(m:1, btts, yes, 1.500, null, open, null, 2.6-1, 1970-01-01T00:00:00.003)");
    }

    /** What each match holds at the end, said again. */
    private static List<MarketUpdate> images(List<MarketUpdate> updates) {
        TreeMap<String, SortedMap<String, String>> cells = new TreeMap<>();
        TreeMap<String, MarketUpdate> last = new TreeMap<>();
        for (MarketUpdate update : updates) {
            SortedMap<String, String> all = cells.computeIfAbsent(update.match(), match -> new TreeMap<>());
            if (update.kind() != MarketUpdate.Kind.PATCH) {
                all.clear();
            }
            all.putAll(update.set());
            all.keySet().removeAll(update.del());
            last.put(update.match(), update);
        }
        List<MarketUpdate> images = new ArrayList<>();
        last.forEach((match, update) -> images.add(image(
                match, update.position(), update.times(), new TreeMap<>(cells.getOrDefault(match, new TreeMap<>())))));
        return images;
    }

    private static MarketUpdate image(String match, Position position, Times times, SortedMap<String, String> cells) {
        TreeMap<String, TreeMap<String, String>> groups = new TreeMap<>();
        cells.forEach((cell, value) -> groups.computeIfAbsent(MarketUpdate.group(cell), group -> new TreeMap<>())
                .put(MarketUpdate.field(cell), value));
        SortedMap<String, String> sums = new TreeMap<>();
        groups.forEach((group, fields) -> sums.put(group, Checksum.hex(Checksum.of(fields))));
        return new MarketUpdate(
                match, position, MarketUpdate.Kind.IMAGE, cells, new TreeSet<>(), new TreeMap<>(sums), times);
    }

    private static Changelog fold(String table, List<MarketUpdate> updates) {
        List<? extends Column<?>> columns = Tables.columns(table);
        Changelog log = Changelog.of(columns);
        Fold fold = new Fold(Tables.rows(table, Changelog.declared(columns)));
        TreeMap<String, MapHeld> held = new TreeMap<>();
        for (MarketUpdate update : updates) {
            fold.apply(update, held.computeIfAbsent(update.match(), match -> new MapHeld()), log);
        }
        return log;
    }

    /** Without when they changed last, which is their last two columns. */
    private static List<String> unstamped(Changelog log) {
        return log.standing().stream()
                .map(row -> row.substring(0, row.lastIndexOf(',', row.lastIndexOf(',') - 1)))
                .toList();
    }
}
