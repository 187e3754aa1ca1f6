package touchline.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** What a client says. */
sealed interface Command {

    /** @param have by match; null for one that is not held although it was sent */
    record Subscribe(long id, Wanted.Part part, Map<String, Client.@Nullable Held> have) implements Command {}

    record Unsubscribe(long id) implements Command {}

    /** @param id the client's own number of it, null for none */
    record Ping(@Nullable Long id) implements Command {}

    record Renew(String token) implements Command {}

    /** A subscription that is none; the others beside it are none the worse for it. */
    record Unusable(long id, String reason) implements Command {}

    /** It is none. */
    final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    int MAX_RATE_MS = 60_000;

    ObjectMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .build())
            .build();

    /** One command, or several in an array. */
    static List<Command> readAll(byte[] json) throws Malformed {
        JsonNode node = tree(json);
        List<Command> commands = new ArrayList<>();
        if (node.isArray()) {
            for (JsonNode each : node) {
                commands.add(read(each));
            }
        } else {
            commands.add(read(node));
        }
        return commands;
    }

    private static JsonNode tree(byte[] json) throws Malformed {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node == null || node.isMissingNode()) {
                throw new Malformed("an empty message; must be a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new Malformed("not JSON: " + e.getOriginalMessage());
        } catch (java.io.IOException e) {
            throw new Malformed("not JSON: " + e.getMessage());
        }
    }

    private static Command read(JsonNode node) throws Malformed {
        String op = node.path("op").asText("");
        return switch (op) {
            case "sub" -> subscribe(node);
            case "unsub" -> new Unsubscribe(id(node));
            case "ping" -> new Ping(node.has("id") ? id(node) : null);
            case "auth" -> {
                String token = node.path("token").textValue();
                if (token == null) {
                    throw new Malformed("token: must be a text");
                }
                yield new Renew(token);
            }
            default -> throw new Malformed("op=" + brief(node.path("op")) + ": must be sub, unsub, ping or auth");
        };
    }

    private static Command subscribe(JsonNode node) throws Malformed {
        long id = id(node);
        try {
            Select select = Select.read(node.path("select"));
            Columns columns = Columns.of(markets("markets", node.path("markets")));
            return new Subscribe(
                    id, new Wanted.Part(select, columns, rate(node.path("rate"))), have(node.path("have")));
        } catch (IllegalArgumentException e) {
            return new Unusable(id, String.valueOf(e.getMessage()));
        }
    }

    private static long id(JsonNode node) throws Malformed {
        JsonNode id = node.path("id");
        if (!id.isIntegralNumber() || !id.canConvertToLong() || id.longValue() < 0) {
            throw new Malformed("id=" + brief(id) + ": must be a number of the client's choice, 0 or above");
        }
        return id.longValue();
    }

    private static int rate(JsonNode rate) {
        if (rate.isMissingNode() || rate.isNull()) {
            return 0;
        }
        if (!rate.isNumber() || rate.doubleValue() < 0 || rate.doubleValue() > MAX_RATE_MS) {
            throw new IllegalArgumentException(
                    "rate=" + brief(rate) + ": must be the ms between two patches of a match, 0 to " + MAX_RATE_MS);
        }
        return rate.intValue();
    }

    private static @Nullable List<String> markets(String name, JsonNode markets) {
        if (markets.isMissingNode() || markets.isNull()) {
            return null;
        }
        List<String> keys = new ArrayList<>();
        for (JsonNode market : markets) {
            if (!market.isTextual() || market.textValue().isEmpty()) {
                keys.clear();
                break;
            }
            keys.add(market.textValue());
        }
        if (!markets.isArray() || keys.size() != markets.size()) {
            throw new IllegalArgumentException(
                    name + "=" + brief(markets) + ": must be an array of market keys, or left out for all");
        }
        return keys;
    }

    private static Map<String, Client.@Nullable Held> have(JsonNode have) {
        if (have.isMissingNode() || have.isNull()) {
            return Map.of();
        }
        if (!have.isObject()) {
            throw new IllegalArgumentException(
                    "have=" + brief(have) + ": must be an object, match id to [position, markets]");
        }
        Map<String, Client.@Nullable Held> held = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : have.properties()) {
            String name = "have[" + each.getKey() + "]";
            JsonNode value = each.getValue();
            if (value.isNull()) {
                held.put(each.getKey(), null);
                continue;
            }
            if (!value.isArray()
                    || value.isEmpty()
                    || value.size() > 2
                    || !value.get(0).isTextual()) {
                throw new IllegalArgumentException(
                        name + "=" + brief(value) + ": must be [position], [position, markets], or null");
            }
            Position position;
            try {
                position = Position.parse(value.get(0).textValue());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
            }
            held.put(each.getKey(), new Client.Held(position, Columns.of(markets(name, value.path(1)))));
        }
        return held;
    }

    private static String brief(JsonNode node) {
        String text = node.isMissingNode() ? "(none)" : String.valueOf(node);
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
