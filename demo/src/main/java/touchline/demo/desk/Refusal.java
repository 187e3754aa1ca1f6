package touchline.demo.desk;

import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * An order that was not carried out, for the one who gave it: at which field, why, and what to do instead.
 *
 * @param field of the order, empty when it is about the whole of it
 */
record Refusal(String field, String message, String remedy) {

    private static final Pattern ROW = Pattern.compile("\\([^,]*, [^,]*, ([a-z0-9_]+), ");

    /** What the database's checks mean, by their names; a check that is not here says enough by its own name. */
    private static final Map<String, Refusal> CHECKS = Map.ofEntries(
            check(
                    "price_lies_within_1_001_and_10000",
                    "price",
                    "A price lies between 1.001 and 10000.",
                    "Write decimal odds, as 1.85."),
            check(
                    "price_has_at_most_3_decimals",
                    "price",
                    "A price has at most three decimals.",
                    "Round it, as 1.855."),
            check(
                    "line_is_a_multiple_of_a_quarter_within_1000",
                    "line",
                    "A line is a multiple of 0.25 between -1000 and 1000.",
                    "Take the nearest, as 2.5 or 2.75."),
            check("score_lies_within_0_and_9999", "score", "A score lies between 0 and 9999.", "Correct the number."),
            check(
                    "score_has_both_sides_or_none",
                    "score",
                    "A score has both sides or none.",
                    "Give the other side's too."),
            check(
                    "clock_lies_within_0_and_86400_seconds",
                    "minute",
                    "A clock lies between 0 and 1440 minutes.",
                    "Correct the minute."),
            check(
                    "a_manual_match_needs_home_and_away",
                    "home",
                    "A match of your own needs both teams.",
                    "Name the teams."),
            check("home_is_not_blank", "home", "The home team has no name.", "Name it."),
            check("away_is_not_blank", "away", "The away team has no name.", "Name it."),
            check(
                    "home_has_1_to_200_characters",
                    "home",
                    "The home team needs a name of 1 to 200 characters.",
                    "Name it."),
            check(
                    "away_has_1_to_200_characters",
                    "away",
                    "The away team needs a name of 1 to 200 characters.",
                    "Name it."),
            check(
                    "outcome_belongs_to_the_market",
                    "outcome",
                    "This market has no such outcome.",
                    "h2h has home, draw, away; totals over, under; spreads home, away; btts yes, no."),
            check(
                    "market_is_a_key_as_h2h_or_totals_colon_3_5",
                    "market",
                    "That is no market key.",
                    "Write it as h2h, totals or totals:3.5."));

    private static Map.Entry<String, Refusal> check(String name, String field, String message, String remedy) {
        return Map.entry(name, new Refusal(field, message, remedy));
    }

    /** In the words of the check that was violated, or of the database. */
    static Refusal of(SQLException e) {
        ServerErrorMessage said = e instanceof PSQLException known ? known.getServerErrorMessage() : null;
        if (said == null && isOrders(e)) {
            return new Refusal("", sentence(e.getMessage()), "It may have been withdrawn: look at the list again.");
        }
        if (said == null) {
            return new Refusal("", "The database did not answer: " + e.getMessage(), "Try it again.");
        }
        String constraint = said.getConstraint();
        if (constraint == null) {
            String hint = said.getHint();
            return new Refusal("", sentence(said.getMessage()), hint == null ? "" : sentence(hint));
        }
        Refusal known = CHECKS.get(constraint);
        if (known != null) {
            return known.field().equals("price") ? known.at(Order.PRICE + outcome(said)) : known;
        }
        String words = constraint.replace('_', ' ');
        int end = constraint.indexOf('_');
        return new Refusal(end < 0 ? "" : constraint.substring(0, end), sentence(words), "");
    }

    private Refusal at(String other) {
        return new Refusal(other, message, remedy);
    }

    /** Which of several prices it was: the database names the row. */
    private static String outcome(ServerErrorMessage said) {
        Matcher row = ROW.matcher(String.valueOf(said.getDetail()));
        return row.find() ? row.group(1) : "";
    }

    /** Is it the order that is wrong, and not the database that is away? */
    static boolean isOrders(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("P0"));
    }

    private static String sentence(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }
}
