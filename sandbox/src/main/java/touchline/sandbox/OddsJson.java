package touchline.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Events as the vendor writes them. Times have whole seconds, or milliseconds where the feed has them: the vendor never
 * writes any, but in compressed time a second is too coarse to tell stamps apart. Decimal prices have at most three
 * digits after the point, American ones are whole. A value that is not of the right type is written as it is.
 */
final class OddsJson {

    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(200_000_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Set<String> TIMES = Set.of("commence_time", "last_update");

    private OddsJson() {}

    /** All events as an array. */
    static byte[] events(List<ObjectNode> events, OddsQuery query, boolean bookmakers) {
        return written(json -> {
            json.writeStartArray();
            for (ObjectNode event : events) {
                event(json, event, query, bookmakers, true);
            }
            json.writeEndArray();
        });
    }

    /** One event; here the vendor stamps markets only, not bookmakers. */
    static byte[] event(ObjectNode event, OddsQuery query) {
        return written(json -> event(json, event, query, true, false));
    }

    /** One event with the markets that each bookmaker has, without prices. */
    static byte[] markets(ObjectNode event, OddsQuery query) {
        ObjectNode bare = event.deepCopy();
        for (JsonNode bookmaker : bare.path("bookmakers")) {
            ((ObjectNode) bookmaker).remove("last_update");
            for (JsonNode market : bookmaker.path("markets")) {
                ((ObjectNode) market).remove("outcomes");
            }
        }
        return written(json -> value(json, "", bare, query));
    }

    static byte[] any(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    /** The distinct markets that an answer to this query holds: what a call for one event costs. */
    static int marketsReturned(ObjectNode event, OddsQuery query) {
        Set<String> keys = new HashSet<>();
        for (JsonNode bookmaker : event.path("bookmakers")) {
            if (query.wantsBookmaker(bookmaker.path("key").asText())) {
                for (JsonNode market : bookmaker.path("markets")) {
                    keys.add(market.path("key").asText());
                }
            }
        }
        keys.retainAll(query.markets());
        return keys.size();
    }

    private static void event(
            JsonGenerator json, ObjectNode event, OddsQuery query, boolean bookmakers, boolean bookmakerStamps)
            throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, JsonNode> field : event.properties()) {
            if (!field.getKey().equals("bookmakers")) {
                json.writeFieldName(field.getKey());
                value(json, field.getKey(), field.getValue(), query);
            } else if (bookmakers) {
                json.writeFieldName("bookmakers");
                bookmakers(json, field.getValue(), query, bookmakerStamps);
            }
        }
        json.writeEndObject();
    }

    private static void bookmakers(JsonGenerator json, JsonNode bookmakers, OddsQuery query, boolean stamps)
            throws IOException {
        if (!bookmakers.isArray()) {
            json.writeTree(bookmakers);
            return;
        }
        json.writeStartArray();
        for (JsonNode bookmaker : bookmakers) {
            Collection<JsonNode> wanted = bookmaker
                    .path("markets")
                    .valueStream()
                    .filter(market ->
                            query.markets().contains(market.path("key").asText()))
                    .toList();
            if (wanted.isEmpty() || !query.wantsBookmaker(bookmaker.path("key").asText())) {
                continue;
            }
            json.writeStartObject();
            for (Map.Entry<String, JsonNode> field : bookmaker.properties()) {
                String name = field.getKey();
                if (name.equals("markets")) {
                    json.writeArrayFieldStart(name);
                    for (JsonNode market : wanted) {
                        value(json, "", market, query);
                    }
                    json.writeEndArray();
                } else if (stamps || !name.equals("last_update")) {
                    json.writeFieldName(name);
                    value(json, name, field.getValue(), query);
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void value(JsonGenerator json, String name, JsonNode value, OddsQuery query) throws IOException {
        if (value.isObject()) {
            json.writeStartObject();
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                json.writeFieldName(field.getKey());
                value(json, field.getKey(), field.getValue(), query);
            }
            json.writeEndObject();
        } else if (value.isArray()) {
            json.writeStartArray();
            for (JsonNode item : value) {
                value(json, "", item, query);
            }
            json.writeEndArray();
        } else if (TIMES.contains(name) && value.isIntegralNumber()) {
            time(json, value.longValue(), query.unix());
        } else if (name.equals("price") && value.isNumber()) {
            price(json, value.decimalValue(), query.american());
        } else {
            json.writeTree(value);
        }
    }

    private static void time(JsonGenerator json, long ms, boolean unix) throws IOException {
        if (unix) {
            json.writeNumber(Math.floorDiv(ms, 1000L));
        } else {
            json.writeString(Instant.ofEpochMilli(ms).toString());
        }
    }

    private static void price(JsonGenerator json, BigDecimal decimal, boolean american) throws IOException {
        if (american && decimal.compareTo(BigDecimal.ONE) > 0) {
            json.writeNumber(AmericanOdds.ofDecimal(decimal));
        } else {
            BigDecimal rounded = decimal.setScale(3, RoundingMode.HALF_UP).stripTrailingZeros();
            json.writeNumber((rounded.scale() < 1 ? rounded.setScale(1) : rounded).toPlainString());
        }
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 * 1024);
        try (JsonGenerator json = MAPPER.createGenerator(out)) {
            writing.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }
}
