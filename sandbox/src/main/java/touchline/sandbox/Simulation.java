package touchline.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Simulated matches in several sports as the provider would tell of them: some in play, some to come, new ones when
 * others have ended, for ever. Everything is a function of the plan and of the time that has passed, whenever and
 * however often it is asked; the names are invented. Prices follow the score with each bookmaker's own margin and delay;
 * nobody can tell from them how the match will end.
 */
public final class Simulation implements OddsFeed {

    /** Announced beside the one on the ground. */
    private static final int AHEAD = 2;

    private static final int RESULTS_KEPT = 3;
    private static final int MATCHES_CACHED = 50_000;
    private static final long DEFECT_MS = 10_000;

    private final SimulationPlan plan;
    private final LongSupplier clock;
    private final long begin;
    private final Map<List<Long>, SimulatedMatch> cache = new LinkedHashMap<>();

    /**
     * Begins now.
     *
     * @param clock ms UTC
     */
    public Simulation(SimulationPlan plan, LongSupplier clock) {
        this.plan = plan;
        this.clock = clock;
        this.begin = clock.getAsLong();
    }

    @Override
    public List<Sport> sports() {
        List<Sport> sports = new ArrayList<>();
        for (int league = 0; league < League.ALL.size(); league++) {
            if (grounds(league) > 0) {
                sports.add(League.ALL.get(league).sport());
            }
        }
        return sports;
    }

    /** About as often as the busiest bookmakers confirm a price, but not more than ten times a second. */
    @Override
    public long pollEveryMs() {
        return Math.max(100, Math.round(20_000 / plan.speed()));
    }

    @Override
    public List<ObjectNode> odds(String sport) {
        long real = clock.getAsLong();
        long now = now(real);
        List<ObjectNode> events = new ArrayList<>();
        for (SimulatedMatch match : matches(sport, now, 0)) {
            if (!match.isListed(now)) {
                continue;
            }
            ObjectNode event = event(match, now);
            ArrayNode bookmakers = event.putArray("bookmakers");
            for (SimulatedBookmaker bookmaker : SimulatedBookmaker.ALL) {
                bookmaker.quote(match, now, this::present, bookmakers);
            }
            long slice = (real - begin) / DEFECT_MS;
            if (Noise.uniform(plan.seed(), match.seed(), slice, 7) < plan.defects()) {
                Defect[] defects = Defect.values();
                defects[(int) Math.floorMod(Noise.mix(match.seed(), slice), (long) defects.length)].damage(event);
            }
            events.add(event);
        }
        return events;
    }

    @Override
    public List<ObjectNode> scores(String sport) {
        long now = now(clock.getAsLong());
        List<ObjectNode> events = new ArrayList<>();
        for (SimulatedMatch match : matches(sport, now, RESULTS_KEPT)) {
            ObjectNode event = event(match, now);
            long scored = match.scoredAt(now);
            event.put("completed", scored >= match.end());
            if (scored < match.start()) {
                event.putNull("scores");
                event.putNull("last_update");
            } else {
                Course.Moment score = match.score(scored);
                ArrayNode scores = event.putArray("scores");
                scores.addObject().put("name", match.home()).put("score", Integer.toString(score.home()));
                scores.addObject().put("name", match.away()).put("score", Integer.toString(score.away()));
                event.put("last_update", present(Math.min(scored, match.end() + 60_000)));
            }
            events.add(event);
        }
        return events;
    }

    /** All that is on a ground now or announced for it, and the last few results. */
    private List<SimulatedMatch> matches(String sport, long now, int results) {
        List<SimulatedMatch> matches = new ArrayList<>();
        for (int index = 0; index < League.ALL.size(); index++) {
            League league = League.ALL.get(index);
            if (!league.sport().key().equals(sport)) {
                continue;
            }
            for (int ground = 0; ground < grounds(index); ground++) {
                long current = Math.floorDiv(now - match(index, ground, 0).scheduled(), league.cycleMs());
                for (long number = Math.max(0, current - results); number <= current + AHEAD; number++) {
                    matches.add(match(index, ground, number));
                }
            }
        }
        return matches;
    }

    private SimulatedMatch match(int league, int ground, long number) {
        synchronized (cache) {
            if (cache.size() >= MATCHES_CACHED) {
                cache.clear();
            }
            return cache.computeIfAbsent(
                    List.of((long) league, (long) ground, number),
                    key -> SimulatedMatch.of(plan.seed(), League.ALL.get(league), league, ground, number));
        }
    }

    private ObjectNode event(SimulatedMatch match, long now) {
        Sport sport = match.league().sport();
        return OddsJson.MAPPER
                .createObjectNode()
                .put("id", match.id())
                .put("sport_key", sport.key())
                .put("sport_title", sport.title())
                .put("commence_time", present(match.commenceTime(now)) / 1_000 * 1_000)
                .put("home_team", match.home())
                .put("away_team", match.away());
    }

    /** Grounds of a league: its share, the rounding settled along the list. */
    private int grounds(int league) {
        int before = 0;
        for (int i = 0; i < league; i++) {
            before += League.ALL.get(i).share();
        }
        int upTo = before + League.ALL.get(league).share();
        return (plan.matches() * upTo + 23) / 24 - (plan.matches() * before + 23) / 24;
    }

    private long now(long real) {
        return (long) ((real - begin) * plan.speed());
    }

    private long present(long simulated) {
        return begin + Math.round(simulated / plan.speed());
    }
}
