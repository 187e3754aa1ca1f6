package touchline.relay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** Which matches somebody asks for. */
sealed interface Select {

    boolean names(Facts facts);

    record Matches(NavigableSet<String> ids) implements Select {
        @Override
        public boolean names(Facts facts) {
            return ids.contains(facts.match());
        }
    }

    record Phase(String phase) implements Select {
        @Override
        public boolean names(Facts facts) {
            return phase.equals(facts.phase());
        }
    }

    record Sport(String sport) implements Select {
        @Override
        public boolean names(Facts facts) {
            return sport.equals(facts.sport());
        }
    }

    record League(String league) implements Select {
        @Override
        public boolean names(Facts facts) {
            return league.equals(facts.league());
        }
    }

    record All() implements Select {
        @Override
        public boolean names(Facts facts) {
            return true;
        }
    }

    /** @throws IllegalArgumentException when it is none, with what is wrong and what is right */
    static Select read(JsonNode select) {
        if (select == null || !select.isObject() || select.size() != 1) {
            throw new IllegalArgumentException("select=" + brief(select)
                    + ": must be an object with exactly one of match, phase, sport, league, all");
        }
        String by = select.fieldNames().next();
        JsonNode value = select.get(by);
        return switch (by) {
            case "match" -> new Matches(ids(value));
            case "phase" -> new Phase(phase(value));
            case "sport" -> new Sport(key("sport", value));
            case "league" -> new League(key("league", value));
            case "all" -> {
                if (!value.isBoolean() || !value.booleanValue()) {
                    throw new IllegalArgumentException("select.all=" + brief(value) + ": must be true");
                }
                yield new All();
            }
            default ->
                throw new IllegalArgumentException(
                        "select." + by + ": unknown; a selection is by match, phase, sport, league or all");
        };
    }

    private static NavigableSet<String> ids(JsonNode value) {
        NavigableSet<String> ids = new TreeSet<>();
        if (value.isArray()) {
            for (JsonNode id : value) {
                ids.add(key("match", id));
            }
        }
        if (ids.isEmpty()) {
            throw new IllegalArgumentException(
                    "select.match=" + brief(value) + ": must be an array of at least one match id");
        }
        return ids;
    }

    private static String phase(JsonNode value) {
        if (!value.isTextual() || !Set.of("live", "upcoming").contains(value.textValue())) {
            throw new IllegalArgumentException("select.phase=" + brief(value) + ": must be \"live\" or \"upcoming\"");
        }
        return value.textValue();
    }

    private static String key(String name, JsonNode value) {
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw new IllegalArgumentException("select." + name + "=" + brief(value) + ": must be a text");
        }
        return value.textValue();
    }

    private static String brief(JsonNode value) {
        String text = String.valueOf(value);
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
