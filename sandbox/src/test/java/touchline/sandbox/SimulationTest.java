package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final long START = 1_900_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final SimulationPlan SOUND = new SimulationPlan(7, 1, 24, 0);

    private final AtomicLong now = new AtomicLong(START);

    @Test
    void theSameSeedSaysTheSameHoweverOftenItIsAsked() {
        SimulationPlan plan = new SimulationPlan(7, 5, 24, 0.1);
        Simulation often = new Simulation(plan, now::get);
        Simulation seldom = new Simulation(plan, now::get);
        for (int i = 0; i < 20; i++) {
            all(often);
            now.addAndGet(37_000);
        }
        assertThat(all(often)).isEqualTo(all(seldom)).isNotEmpty();
    }

    @Test
    void anotherSeedTellsOtherMatches() {
        Set<String> ids = ids(all(new Simulation(SOUND, now::get)));
        assertThat(ids(all(new Simulation(new SimulationPlan(8, 1, 24, 0), now::get))))
                .doesNotContainAnyElementsOf(ids);
    }

    @Test
    void someAreInPlaySomeAreToComeAndNewOnesFollow() {
        Simulation simulation = new Simulation(SOUND, now::get);
        assertThat(simulation.sports()).hasSize(6);
        Set<String> first = ids(all(simulation));
        for (int i = 0; i < 12; i++) {
            List<ObjectNode> events = all(simulation);
            long live = events.stream()
                    .filter(event -> event.path("commence_time").asLong() <= now.get())
                    .count();
            assertThat(live).isBetween(10L, 24L);
            assertThat((long) events.size() - live).isGreaterThanOrEqualTo(24);
            now.addAndGet(HOUR);
        }
        assertThat(ids(all(simulation))).doesNotContainAnyElementsOf(first).hasSizeGreaterThan(48);
    }

    @Test
    void oneGroundIsEnough() {
        Simulation simulation = new Simulation(new SimulationPlan(7, 1, 1, 0), now::get);
        assertThat(simulation.sports()).hasSize(1);
        assertThat(all(simulation)).hasSizeBetween(2, 3);
    }

    @Test
    void everyMarketIsWholeAndLeavesTheBookmakerHisMargin() {
        Simulation simulation = new Simulation(new SimulationPlan(7, 20, 24, 0), now::get);
        int markets = 0;
        for (int i = 0; i < 20; i++) {
            for (ObjectNode event : all(simulation)) {
                Set<String> keys = new HashSet<>();
                for (JsonNode bookmaker : event.path("bookmakers")) {
                    assertThat(keys.add(bookmaker.path("key").asText())).isTrue();
                    for (JsonNode market : bookmaker.path("markets")) {
                        assertSound(event, market);
                        markets++;
                    }
                }
            }
            now.addAndGet(181_000);
        }
        assertThat(markets).isGreaterThan(15_000);
    }

    @Test
    void scoresNeverFallAndMatchesEndWithThem() {
        Simulation simulation = new Simulation(new SimulationPlan(7, 20, 24, 0), now::get);
        Map<String, int[]> scores = new HashMap<>();
        Set<String> completed = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            for (OddsFeed.Sport sport : simulation.sports()) {
                for (ObjectNode event : simulation.scores(sport.key())) {
                    String id = event.path("id").asText();
                    if (event.path("scores").isNull()) {
                        assertThat(scores).doesNotContainKey(id);
                        assertThat(event.path("completed").asBoolean()).isFalse();
                        continue;
                    }
                    int[] score = {
                        event.at("/scores/0/score").asInt(),
                        event.at("/scores/1/score").asInt()
                    };
                    int[] before = scores.getOrDefault(id, score);
                    assertThat(score[0]).isGreaterThanOrEqualTo(before[0]);
                    assertThat(score[1]).isGreaterThanOrEqualTo(before[1]);
                    if (completed.contains(id)) {
                        assertThat(score).isEqualTo(before);
                        assertThat(event.path("completed").asBoolean()).isTrue();
                    } else if (event.path("completed").asBoolean()) {
                        completed.add(id);
                    }
                    assertThat(event.path("last_update").asLong()).isLessThanOrEqualTo(now.get());
                    scores.put(id, score);
                }
            }
            now.addAndGet(5_000);
        }
        assertThat(completed).hasSizeGreaterThan(50);
        assertThat(scores.values()).anyMatch(score -> score[0] + score[1] > 150);
    }

    @Test
    void mostRefreshesMoveNothingButTheStamp() {
        Simulation simulation = new Simulation(SOUND, now::get);
        Map<String, JsonNode> before = new HashMap<>();
        int refreshed = 0;
        int changed = 0;
        for (int i = 0; i < 60; i++) {
            Map<String, JsonNode> markets = markets(all(simulation));
            for (Map.Entry<String, JsonNode> market : markets.entrySet()) {
                JsonNode old = before.get(market.getKey());
                if (old != null
                        && !old.path("last_update").equals(market.getValue().path("last_update"))) {
                    assertThat(market.getValue().path("last_update").asLong())
                            .isGreaterThan(old.path("last_update").asLong());
                    refreshed++;
                    changed += old.path("outcomes").equals(market.getValue().path("outcomes")) ? 0 : 1;
                } else if (old != null) {
                    assertThat(market.getValue()).isEqualTo(old);
                }
            }
            before = markets;
            now.addAndGet(20_000);
        }
        assertThat((double) changed / refreshed).isBetween(0.03, 0.12);
    }

    @Test
    void aBookmakerLeavesWhenHeHearsOfAGoalAndComesBack() {
        SimulatedMatch match = soccerWithGoal();
        Course.Stop goal = match.course().stops().stream()
                .filter(stop -> stop.at() > 0)
                .findFirst()
                .orElseThrow();
        SimulatedBookmaker bookmaker = SimulatedBookmaker.ALL.get(0);
        long heard = match.start() + goal.at() + bookmaker.delayMs();
        assertThat(quoted(bookmaker, match, heard - 1)).isNotEmpty();
        assertThat(quoted(bookmaker, match, heard)).isEmpty();
        assertThat(quoted(bookmaker, match, heard + goal.pauseMs() / 2)).isEmpty();
        Stream<Long> later = Stream.iterate(heard, at -> at < match.end(), at -> at + 60_000);
        assertThat(later).anyMatch(at -> !quoted(bookmaker, match, at).isEmpty());
    }

    @Test
    void someKickOffsAreLateAndListedWithTheNewTimeOnlyThen() {
        List<SimulatedMatch> late = new ArrayList<>();
        for (long number = 0; number < 50; number++) {
            SimulatedMatch match = SimulatedMatch.of(7, League.ALL.get(0), 0, 0, number);
            assertThat(match.commenceTime(match.scheduled() - 1)).isEqualTo(match.scheduled());
            assertThat(match.commenceTime(match.scheduled())).isEqualTo(match.start());
            if (match.start() != match.scheduled()) {
                late.add(match);
            }
        }
        assertThat(late).hasSizeBetween(10, 30);
    }

    @Test
    void twoMatchesOnAGroundNeverOverlap() {
        for (int league = 0; league < League.ALL.size(); league++) {
            for (long number = 0; number < 200; number++) {
                SimulatedMatch match = SimulatedMatch.of(7, League.ALL.get(league), league, 3, number);
                SimulatedMatch next = SimulatedMatch.of(7, League.ALL.get(league), league, 3, number + 1);
                assertThat(match.end()).isLessThan(next.scheduled());
                assertThat(match.home()).isNotEqualTo(match.away());
            }
        }
    }

    @Test
    void noTwoTeamsHaveTheSameName() {
        for (League league : League.ALL) {
            assertThat(Stream.iterate(0, n -> n + 1).limit(1_000).map(league::team))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void brokenEventsComeAsOftenAsAsked() {
        List<ObjectNode> sound = all(new Simulation(SOUND, now::get));
        assertThat(all(new Simulation(new SimulationPlan(7, 1, 24, 0), now::get)))
                .isEqualTo(sound);
        List<ObjectNode> broken = all(new Simulation(new SimulationPlan(7, 1, 24, 1), now::get));
        assertThat(broken).hasSameSizeAs(sound);
        int different = 0;
        for (int i = 0; i < broken.size(); i++) {
            different += broken.get(i).equals(sound.get(i)) ? 0 : 1;
        }
        // An event that nobody quotes has no price to break.
        assertThat(different).isGreaterThan(broken.size() / 2);
    }

    @Test
    void aPlanThatCannotBeIsRefused() {
        assertThatThrownBy(() -> new SimulationPlan(1, 0, 24, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SimulationPlan(1, 1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SimulationPlan(1, 1, 1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertSound(ObjectNode event, JsonNode market) {
        double sum = 0;
        Set<String> names = new HashSet<>();
        for (JsonNode outcome : market.path("outcomes")) {
            assertThat(outcome.path("price").asDouble()).isBetween(1.01, 501.0);
            sum += 1 / outcome.path("price").asDouble();
            names.add(outcome.path("name").asText());
        }
        assertThat(sum).isBetween(1.0, 1.25);
        String home = event.path("home_team").asText();
        String away = event.path("away_team").asText();
        double first = market.at("/outcomes/0/point").asDouble();
        double second = market.at("/outcomes/1/point").asDouble();
        switch (market.path("key").asText()) {
            case "h2h" -> assertThat(names).contains(home, away).hasSizeBetween(2, 3);
            case "spreads" -> {
                assertThat(names).containsExactlyInAnyOrder(home, away);
                assertThat(first).isEqualTo(second == 0 ? 0 : -second);
            }
            case "totals" -> {
                assertThat(names).containsExactlyInAnyOrder("Over", "Under");
                assertThat(first).isEqualTo(second).isPositive();
            }
            default -> assertThat(names).containsExactlyInAnyOrder("Yes", "No");
        }
        assertThat(first * 4).isEqualTo(Math.rint(first * 4));
    }

    private static SimulatedMatch soccerWithGoal() {
        for (long number = 0; ; number++) {
            SimulatedMatch match = SimulatedMatch.of(7, League.ALL.get(0), 0, 0, number);
            List<Course.Stop> stops = match.course().stops();
            if (stops.size() > 2
                    && stops.get(1).at() > 600_000
                    && stops.get(2).at() > stops.get(1).at() + 600_000) {
                return match;
            }
        }
    }

    private static ArrayNode quoted(SimulatedBookmaker bookmaker, SimulatedMatch match, long at) {
        ArrayNode bookmakers = OddsJson.MAPPER.createArrayNode();
        bookmaker.quote(match, at, stamp -> stamp, bookmakers);
        return bookmakers;
    }

    private static Map<String, JsonNode> markets(List<ObjectNode> events) {
        Map<String, JsonNode> markets = new HashMap<>();
        for (ObjectNode event : events) {
            for (JsonNode bookmaker : event.path("bookmakers")) {
                for (JsonNode market : bookmaker.path("markets")) {
                    markets.put(
                            event.path("id").asText() + "/"
                                    + bookmaker.path("key").asText() + "/"
                                    + market.path("key").asText(),
                            market);
                }
            }
        }
        return markets;
    }

    private static List<ObjectNode> all(Simulation simulation) {
        return simulation.sports().stream()
                .flatMap(sport -> simulation.odds(sport.key()).stream())
                .toList();
    }

    private static Set<String> ids(List<ObjectNode> events) {
        Set<String> ids = new HashSet<>();
        events.forEach(event -> assertThat(ids.add(event.path("id").asText())).isTrue());
        assertThat(ids).allMatch(id -> id.matches("[0-9a-f]{32}"));
        return ids;
    }
}
