package touchline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is wrong with an event now and then: things that real feeds have said. */
enum Defect {
    PRICE_IS_TEXT,
    PRICE_IS_ZERO,
    PRICE_IS_ONE,
    PRICE_IS_A_BILLION,
    PRICE_IS_MISSING,
    LINE_IS_ODD,
    OUTCOME_OF_ANOTHER_MATCH,
    HOME_IS_MISSING,
    COMMENCE_TIME_IS_NO_TIME,
    STAMP_IS_NO_TIME,
    UNKNOWN_FIELD;

    void damage(ObjectNode event) {
        JsonNode market = event.at("/bookmakers/0/markets/0");
        JsonNode outcome = market.at("/outcomes/0");
        switch (this) {
            case HOME_IS_MISSING -> event.putNull("home_team");
            case COMMENCE_TIME_IS_NO_TIME -> event.put("commence_time", "soon");
            case UNKNOWN_FIELD -> event.putObject("weather").put("sky", "clear");
            case STAMP_IS_NO_TIME -> put(market, "last_update", OddsJson.MAPPER.valueToTree("yesterday"));
            case PRICE_IS_TEXT -> put(outcome, "price", OddsJson.MAPPER.valueToTree("NaN"));
            case PRICE_IS_ZERO -> put(outcome, "price", OddsJson.MAPPER.valueToTree(0));
            case PRICE_IS_ONE -> put(outcome, "price", OddsJson.MAPPER.valueToTree(1));
            case PRICE_IS_A_BILLION -> put(outcome, "price", OddsJson.MAPPER.valueToTree(1_000_000_000));
            case PRICE_IS_MISSING -> put(outcome, "price", OddsJson.MAPPER.nullNode());
            case OUTCOME_OF_ANOTHER_MATCH -> put(outcome, "name", OddsJson.MAPPER.valueToTree("Nobody Athletic"));
            case LINE_IS_ODD -> {
                for (JsonNode any : event.at("/bookmakers/0/markets")) {
                    if (any.path("key").asText().equals("totals")) {
                        put(any.at("/outcomes/0"), "point", OddsJson.MAPPER.valueToTree(2.3));
                    }
                }
            }
        }
    }

    private static void put(JsonNode node, String field, JsonNode value) {
        if (node instanceof ObjectNode object) {
            object.set(field, value);
        }
    }
}
