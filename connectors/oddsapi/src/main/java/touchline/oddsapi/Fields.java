package touchline.oddsapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import touchline.feed.Bounds;
import touchline.feed.Fixture;
import touchline.feed.Refusal;
import touchline.feed.RefusedException;

/** Fields of the vendor's objects, by the types that its documentation gives them. */
final class Fields {

    private Fields() {}

    static JsonNode object(String name, @Nullable JsonNode node) throws RefusedException {
        if (node == null || node.isNull()) {
            throw new RefusedException(Refusal.MISSING_FIELD, name + ": is required");
        }
        if (!node.isObject()) {
            throw wrong(name, node, "an object");
        }
        return node;
    }

    static JsonNode array(JsonNode of, String name) throws RefusedException {
        JsonNode node = need(of, name);
        if (!node.isArray()) {
            throw wrong(name, node, "an array");
        }
        return node;
    }

    static String text(JsonNode of, String name) throws RefusedException {
        JsonNode node = need(of, name);
        if (!node.isTextual()) {
            throw wrong(name, node, "a string");
        }
        return node.textValue();
    }

    /** A number's own digits; also NaN and the infinities, which no bound lets pass. */
    static String number(JsonNode of, String name) throws RefusedException {
        JsonNode node = need(of, name);
        if (!node.isNumber()) {
            throw wrong(name, node, "a number");
        }
        return node.asText();
    }

    static boolean flag(JsonNode of, String name) throws RefusedException {
        JsonNode node = of.get(name);
        if (node == null || node.isNull()) {
            return false;
        }
        if (!node.isBoolean()) {
            throw wrong(name, node, "true or false");
        }
        return node.booleanValue();
    }

    /** ISO 8601 with or without a fraction, or whole seconds as with {@code dateFormat=unix}; ms UTC. */
    static long time(JsonNode of, String name) throws RefusedException {
        JsonNode node = need(of, name);
        try {
            long ms = node.isIntegralNumber() && node.canConvertToLong()
                    ? Math.multiplyExact(node.longValue(), 1_000L)
                    : Instant.parse(text(of, name)).toEpochMilli();
            return Bounds.number(name, ms);
        } catch (DateTimeException | ArithmeticException e) {
            throw wrong(name, node, "a time as 2026-06-20T00:30:00Z");
        }
    }

    /** Who plays; both teams are needed, and different, since outcomes and scores are told apart by their names. */
    static Fixture fixture(JsonNode event) throws RefusedException {
        String home = team(event, "home_team");
        String away = team(event, "away_team");
        if (home.equals(away)) {
            throw new RefusedException(Refusal.NO_TEAMS, "home_team and away_team are both " + Bounds.clip(home));
        }
        String sport = Bounds.key("sport_key", text(event, "sport_key"));
        String title = event.hasNonNull("sport_title") ? text(event, "sport_title") : null;
        return new Fixture(sport, Bounds.text("sport_title", title), home, away, time(event, "commence_time"));
    }

    private static String team(JsonNode event, String name) throws RefusedException {
        JsonNode team = event.get(name);
        if (team == null
                || team.isNull()
                || (team.isTextual() && team.textValue().isBlank())) {
            throw new RefusedException(Refusal.NO_TEAMS, name + ": is required; an outright is not a match");
        }
        String text = text(event, name);
        Bounds.text(name, text);
        return text;
    }

    private static JsonNode need(JsonNode of, String name) throws RefusedException {
        JsonNode node = of.get(name);
        if (node == null || node.isNull()) {
            throw new RefusedException(Refusal.MISSING_FIELD, name + ": is required");
        }
        return node;
    }

    private static RefusedException wrong(String name, JsonNode node, String what) {
        return new RefusedException(
                Refusal.WRONG_TYPE, name + "=" + Bounds.clip(node.toString()) + ": " + what + " is needed");
    }
}
