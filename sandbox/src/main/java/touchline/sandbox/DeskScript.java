package touchline.sandbox;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What an operator does about one football match, in the SQL that he would type, {@value #MATCH} standing for the id
 * that the database gives it. He prices it himself, sees a goal, checks it, and confirms it with the new prices in one
 * transaction.
 */
final class DeskScript {

    static final String MATCH = ":match";

    private static final long MINUTE = 60_000;
    private static final long ANNOUNCED_BEFORE = 15 * MINUTE;
    private static final long KEPT_AFTER = 4 * MINUTE;
    private static final long REPRICED_EVERY = 90_000;
    private static final long CHECKED_AFTER = 8_000;
    private static final double MARGIN = 1.06;

    private final SimulatedMatch match;
    private final List<Errand> errands = new ArrayList<>();

    /** One transaction, due at a simulated time; the first one of a script makes the match and returns its id. */
    record Errand(long at, List<String> statements) {
        Errand {
            statements = List.copyOf(statements);
        }
    }

    private DeskScript(SimulatedMatch match) {
        this.match = match;
    }

    static List<Errand> of(SimulatedMatch match) {
        DeskScript script = new DeskScript(match);
        script.announce();
        script.periods();
        script.incidents();
        script.reprice();
        script.trader();
        script.errands.sort(Comparator.comparingLong(Errand::at));
        return script.errands;
    }

    private void announce() {
        long at = match.scheduled() - ANNOUNCED_BEFORE;
        List<String> statements = new ArrayList<>();
        statements.add("insert into touchline.match (league, home, away, start, phase) values ('"
                + match.league().sport().key() + "', '" + quoted(match.home()) + "', '" + quoted(match.away())
                + "', clock_timestamp() + interval '" + ANNOUNCED_BEFORE / 1_000 + " s', 'upcoming') returning id");
        statements.addAll(prices(at));
        errands.add(new Errand(at, statements));
    }

    private void periods() {
        List<Course.Period> periods = match.course().periods();
        long half = match.start() + periods.get(0).to();
        long second = match.start() + periods.get(1).from();
        say(match.start(), "phase = 'live', period = 'first_half', score_home = 0, score_away = 0, " + clock(0, true));
        say(half, "period = 'half_time', " + clock(45, false));
        say(second, "period = 'second_half', " + clock(45, true));
        Course.Moment result = match.course().moment(match.course().lengthMs());
        say(match.end(), "phase = 'ended', score_final = true, " + clock(90, false) + ", " + score(result));
        add(match.end() + KEPT_AFTER, "delete from touchline.match where id = '" + MATCH + "'");
    }

    private void incidents() {
        int number = 0;
        for (Course.Stop stop : match.course().stops()) {
            if (stop.at() == 0) {
                continue;
            }
            number++;
            long at = match.start() + stop.at();
            Course.Moment before = match.course().moment(stop.at() - 1);
            Course.Moment after = match.course().moment(stop.at());
            if (stop.sentOff() != 0) {
                List<String> statements = new ArrayList<>();
                statements.add(incident(number, "red_card", stop.sentOff() > 0 ? "home" : "away", "confirmed"));
                statements.addAll(prices(at));
                errands.add(new Errand(at, statements));
            } else if (before.equals(after)) {
                String side = Noise.uniform(match.seed(), number) < 0.5 ? "home" : "away";
                add(at, incident(number, "possible_goal", side, "open"));
                add(at + 4 * CHECKED_AFTER, state(number, "possible_goal", "cancelled"));
            } else {
                add(at, incident(number, "goal", after.home() > before.home() ? "home" : "away", "open"));
                List<String> statements = new ArrayList<>();
                statements.add(state(number, "goal", "confirmed"));
                statements.add("update touchline.match set " + score(after) + " where id = '" + MATCH + "'");
                statements.addAll(prices(at));
                errands.add(new Errand(at + CHECKED_AFTER, statements));
            }
        }
    }

    private void reprice() {
        for (long at = match.start() + REPRICED_EVERY; at < match.end() - REPRICED_EVERY; at += REPRICED_EVERY) {
            List<String> statements = prices(at);
            long elapsed = at - match.start();
            List<Course.Period> periods = match.course().periods();
            for (int half = 0; half < periods.size(); half++) {
                Course.Period period = periods.get(half);
                if (elapsed > period.from() && elapsed < period.to()) {
                    // Simulated time may pass faster than the clock of those who look.
                    statements.add("update touchline.match set "
                            + clock(45 * half + (int) ((elapsed - period.from()) / MINUTE), true) + " where id = '"
                            + MATCH + "'");
                }
            }
            if (!statements.isEmpty()) {
                errands.add(new Errand(at, statements));
            }
        }
    }

    /** Now and then a trader has a doubt about a market. */
    private void trader() {
        long at = match.start() + (long) Noise.between(5 * MINUTE, 80 * MINUTE, match.seed(), 11);
        String market = Noise.uniform(match.seed(), 12) < 0.5 ? "h2h" : "*";
        String into = "insert into touchline.command (match, market, action, trader, note) values ('" + MATCH + "', '"
                + market + "', '";
        add(at, into + "suspend', 'desk', 'one bet too many')");
        add(at + 40_000, into + "resume', 'desk', 'looked into')");
    }

    private void say(long at, String assignments) {
        add(at, "update touchline.match set " + assignments + " where id = '" + MATCH + "'");
    }

    private void add(long at, String statement) {
        errands.add(new Errand(at, List.of(statement)));
    }

    private static String clock(int minute, boolean running) {
        return "clock_seconds = " + minute * 60 + ", clock_running = " + running;
    }

    private static String score(Course.Moment moment) {
        return "score_home = " + moment.home() + ", score_away = " + moment.away();
    }

    private static String incident(int number, String type, String side, String state) {
        return "insert into touchline.incident (match, id, type, side, state) values ('" + MATCH + "', 'i" + number
                + "', '" + type + "', '" + side + "', '" + state + "')";
    }

    private static String state(int number, String type, String state) {
        return "update touchline.incident set type = '" + type + "', state = '" + state + "' where match = '" + MATCH
                + "' and id = 'i" + number + "'";
    }

    private List<String> prices(long at) {
        Outlook outlook = match.outlook(at);
        double line = outlook.total().evenLine(0.5);
        double over = outlook.total().fair(line);
        List<String> statements = new ArrayList<>();
        market(statements, "h2h", List.of("home", "draw", "away"), outlook.home(), outlook.draw(), outlook.away());
        int before = statements.size();
        market(statements, "totals", List.of("over", "under"), over, 1 - over);
        if (statements.size() > before) {
            statements.add(
                    before,
                    "insert into touchline.market (match, market, line) values ('" + MATCH + "', 'totals', " + line
                            + ") on conflict (match, market) do update set line = excluded.line");
        }
        market(statements, "btts", List.of("yes", "no"), outlook.bothScore(), 1 - outlook.bothScore());
        return statements;
    }

    /** A market that is as good as decided keeps its last prices. */
    private static void market(List<String> statements, String market, List<String> outcomes, double... chances) {
        StringBuilder sql =
                new StringBuilder("insert into touchline.selection (match, market, outcome, price) values ");
        for (int i = 0; i < chances.length; i++) {
            if (chances[i] > 0.93) {
                return;
            }
            double price = Math.min(501, Math.max(1.01, 1 / (Math.max(chances[i], 0.001) * MARGIN)));
            sql.append(i == 0 ? "('" : ", ('")
                    .append(MATCH)
                    .append("', '")
                    .append(market)
                    .append("', '");
            sql.append(outcomes.get(i)).append("', ");
            sql.append(BigDecimal.valueOf(Math.round(price * 100), 2).toPlainString())
                    .append(')');
        }
        statements.add(sql
                + " on conflict (match, market, outcome) do update set price = excluded.price"
                + " where selection.price <> excluded.price");
    }

    private static String quoted(String text) {
        return text.replace("'", "''");
    }
}
