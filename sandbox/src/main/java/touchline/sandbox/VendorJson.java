package touchline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** The vendor's answers turned into what an {@link OddsFeed} says, in place; values of a wrong type stay as they are. */
final class VendorJson {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private VendorJson() {}

    /** ISO times become milliseconds UTC, moved on the way. */
    static void stamps(ObjectNode event, LongUnaryOperator move) {
        stamp(event, "commence_time", move);
        stamp(event, "last_update", move);
        for (JsonNode bookmaker : event.path("bookmakers")) {
            stamp(bookmaker, "last_update", move);
            for (JsonNode market : bookmaker.path("markets")) {
                stamp(market, "last_update", move);
            }
        }
    }

    /** American prices become decimal ones. */
    static void decimals(ObjectNode event) {
        for (JsonNode bookmaker : event.path("bookmakers")) {
            for (JsonNode market : bookmaker.path("markets")) {
                for (JsonNode outcome : market.path("outcomes")) {
                    JsonNode price = outcome.path("price");
                    if (price.isNumber() && isAmerican(price.decimalValue())) {
                        ((ObjectNode) outcome).put("price", AmericanOdds.toDecimal(price.decimalValue()));
                    }
                }
            }
        }
    }

    /** Nobody quotes only decimal prices of 100 and more: there would be no favourite. */
    static boolean isAmerican(List<? extends JsonNode> events) {
        boolean any = false;
        for (JsonNode event : events) {
            for (JsonNode bookmaker : event.path("bookmakers")) {
                for (JsonNode market : bookmaker.path("markets")) {
                    for (JsonNode outcome : market.path("outcomes")) {
                        JsonNode price = outcome.path("price");
                        if (price.isNumber() && !isAmerican(price.decimalValue())) {
                            return false;
                        }
                        any |= price.isNumber();
                    }
                }
            }
        }
        return any;
    }

    /** @throws IllegalArgumentException when the text is no ISO time */
    static long time(String iso) {
        try {
            return iso.endsWith("Z")
                    ? Instant.parse(iso).toEpochMilli()
                    : OffsetDateTime.parse(iso).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(iso + " is no ISO time", e);
        }
    }

    private static boolean isAmerican(BigDecimal price) {
        return price.abs().compareTo(HUNDRED) >= 0;
    }

    private static void stamp(JsonNode node, String field, LongUnaryOperator move) {
        if (node instanceof ObjectNode object && object.path(field).isTextual()) {
            try {
                object.put(field, move.applyAsLong(time(object.path(field).asText())));
            } catch (IllegalArgumentException e) {
                // Left as it was said: whoever reads it must refuse it.
            }
        }
    }
}
