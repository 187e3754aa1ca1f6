package touchline.demo.desk;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may order, each one transaction. Only the form is checked here; what can be meant is the database's to say.
 */
sealed interface Order {

    String PRICE = "price_";

    /** A match of his own, with prices for its result. */
    record Announce(String home, String away, String league, String phase, List<BigDecimal> prices) implements Order {}

    record Score(String match, int home, int away) implements Order {}

    record Phase(String match, String phase, String period) implements Order {}

    record Clock(String match, int seconds, boolean running) implements Order {}

    /**
     * A market's prices together, and its line where it has one.
     *
     * @param prices by outcome
     */
    record Prices(String match, String market, @Nullable BigDecimal line, Map<String, BigDecimal> prices)
            implements Order {}

    /** The prices as they stand hold after all: after a goal they count again. */
    record Confirm(String match) implements Order {}

    /** @param market {@code *} is the whole match */
    record Suspend(String match, String market) implements Order {}

    record Resume(String match, String market) implements Order {}

    record Incident(String match, String type, String side, String state) implements Order {}

    record Decide(String match, String id, String state) implements Order {}

    record Withdraw(String match) implements Order {}

    /** @throws Malformed when a field is missing or of another form */
    static Order of(JsonNode json) throws Malformed {
        String match = json.path("match").asText();
        return switch (json.path("do").asText()) {
            case "announce" ->
                new Announce(
                        json.path("home").asText().strip(),
                        json.path("away").asText().strip(),
                        text(json, "league"),
                        text(json, "phase"),
                        List.of(decimal(json, "price_home"), decimal(json, "price_draw"), decimal(json, "price_away")));
            case "score" -> new Score(match, whole(json, "home_score"), whole(json, "away_score"));
            case "phase" ->
                new Phase(match, text(json, "phase"), json.path("period").asText());
            case "clock" ->
                new Clock(
                        match, whole(json, "minute") * 60, json.path("running").asBoolean());
            case "prices" -> prices(match, json);
            case "confirm" -> new Confirm(match);
            case "suspend" -> new Suspend(match, text(json, "market"));
            case "resume" -> new Resume(match, text(json, "market"));
            case "incident" ->
                new Incident(match, text(json, "type"), json.path("side").asText(), text(json, "state"));
            case "decide" -> new Decide(match, text(json, "id"), text(json, "state"));
            case "withdraw" -> new Withdraw(match);
            default ->
                throw new Malformed(
                        "do", "There is no order \"" + json.path("do").asText() + "\".", "");
        };
    }

    /** Every field {@code price_<outcome>} is a price. */
    private static Prices prices(String match, JsonNode json) throws Malformed {
        Map<String, BigDecimal> prices = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (field.getKey().startsWith(PRICE)) {
                prices.put(field.getKey().substring(PRICE.length()), decimal(json, field.getKey()));
            }
        }
        return new Prices(match, text(json, "market"), json.has("line") ? decimal(json, "line") : null, prices);
    }

    private static String text(JsonNode json, String field) throws Malformed {
        String text = json.path(field).asText().strip();
        if (text.isEmpty()) {
            throw new Malformed(field, "This is empty.", "Fill it in.");
        }
        return text;
    }

    private static int whole(JsonNode json, String field) throws Malformed {
        try {
            return decimal(json, field).intValueExact();
        } catch (ArithmeticException e) {
            throw new Malformed(field, "This is no whole number.", "Write it as 2.");
        }
    }

    private static BigDecimal decimal(JsonNode json, String field) throws Malformed {
        String text = json.path(field).asText().strip();
        // Longer ones are no number that anybody means, and cost time to read.
        if (text.matches("-?[0-9]{1,9}([.,][0-9]{1,9})?")) {
            return new BigDecimal(text.replace(',', '.'));
        }
        throw new Malformed(field, "This is no number.", "Write it in figures, as 2 or 1.85.");
    }

    /** An order that nobody could carry out. */
    final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Refusal refusal;

        Malformed(String field, String message, String remedy) {
            super(field + ": " + message);
            this.refusal = new Refusal(field, message, remedy);
        }

        Refusal refusal() {
            return refusal;
        }
    }
}
