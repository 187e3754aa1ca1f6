package touchline.update;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Updates as JSON, both ways:
 *
 * <pre>{"match":"m:1","pos":"1.5-2","kind":"patch","set":{"match/home_score":1},"del":["h2h/draw"],
 *  "sums":{"match":"00..","btts":null},"times":{"source":1,"ingest":2,"log":3,"decided":4,"published":5}}</pre>
 *
 * A value whose text is a canonical number (of at most 15 digits) is a JSON number, every other a string; so each
 * reader gets back the exact text that the checksum covers.
 */
public final class UpdateJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private UpdateJson() {}

    public static byte[] write(MarketUpdate update) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(400)) {
            try (JsonGenerator json = FACTORY.createGenerator(out)) {
                json.writeStartObject();
                json.writeStringField("match", update.match());
                json.writeStringField("pos", update.position().toString());
                json.writeStringField("kind", update.kind().json());
                json.writeObjectFieldStart("set");
                for (Map.Entry<String, String> cell : update.set().entrySet()) {
                    json.writeFieldName(cell.getKey());
                    writeValue(json, cell.getValue());
                }
                json.writeEndObject();
                if (!update.del().isEmpty()) {
                    json.writeArrayFieldStart("del");
                    for (String cell : update.del()) {
                        json.writeString(cell);
                    }
                    json.writeEndArray();
                }
                json.writeObjectFieldStart("sums");
                for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
                    json.writeStringField(sum.getKey(), sum.getValue());
                }
                json.writeEndObject();
                json.writeObjectFieldStart("times");
                json.writeNumberField("source", update.times().source());
                json.writeNumberField("ingest", update.times().ingest());
                json.writeNumberField("log", update.times().log());
                json.writeNumberField("decided", update.times().decided());
                json.writeNumberField("published", update.times().published());
                json.writeEndObject();
                json.writeEndObject();
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    /** A cell's value as it stands in JSON: a number where its text is a canonical one. */
    public static void writeValue(JsonGenerator json, String value) throws IOException {
        if (isNumber(value)) {
            json.writeNumber(value);
        } else {
            json.writeString(value);
        }
    }

    /** @throws IllegalArgumentException when the bytes are not an update */
    public static MarketUpdate read(byte[] bytes) {
        try (JsonParser json = FACTORY.createParser(bytes)) {
            MarketUpdate update = read(json);
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("not an update: there is more behind it");
            }
            return update;
        } catch (IOException e) {
            throw new IllegalArgumentException("not an update: " + e.getMessage(), e);
        }
    }

    private static MarketUpdate read(JsonParser json) throws IOException {
        String match = null;
        Position position = null;
        MarketUpdate.Kind kind = null;
        SortedMap<String, String> set = new TreeMap<>();
        SortedSet<String> del = new TreeSet<>();
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        Times times = new Times(0, 0, 0, 0, 0);
        json.nextToken();
        expect(json, JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "match" -> match = text(json);
                case "pos" -> position = Position.parse(text(json));
                case "kind" -> kind = kind(text(json));
                case "set" -> {
                    expect(json, JsonToken.START_OBJECT);
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String cell = json.currentName();
                        json.nextToken();
                        set.put(cell, json.currentToken().isNumeric() ? json.getText() : text(json));
                    }
                }
                case "del" -> {
                    expect(json, JsonToken.START_ARRAY);
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        del.add(text(json));
                    }
                }
                case "sums" -> {
                    expect(json, JsonToken.START_OBJECT);
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String group = json.currentName();
                        sums.put(group, json.nextToken() == JsonToken.VALUE_NULL ? null : text(json));
                    }
                }
                case "times" -> times = times(json);
                default -> json.skipChildren();
            }
        }
        if (match == null || position == null || kind == null) {
            throw new IllegalArgumentException("not an update: match, pos and kind are required");
        }
        return new MarketUpdate(match, position, kind, set, del, sums, times);
    }

    private static String text(JsonParser json) throws IOException {
        expect(json, JsonToken.VALUE_STRING);
        return json.getText();
    }

    private static MarketUpdate.Kind kind(String text) {
        for (MarketUpdate.Kind kind : MarketUpdate.Kind.values()) {
            if (kind.json().equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("not an update: kind=" + text);
    }

    private static void expect(JsonParser json, JsonToken token) throws IOException {
        if (json.currentToken() != token) {
            throw new IllegalArgumentException(
                    "not an update: " + json.currentName() + " is " + json.currentToken() + " in place of " + token);
        }
    }

    private static Times times(JsonParser json) throws IOException {
        expect(json, JsonToken.START_OBJECT);
        long source = 0;
        long ingest = 0;
        long log = 0;
        long decided = 0;
        long published = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "source" -> source = json.getLongValue();
                case "ingest" -> ingest = json.getLongValue();
                case "log" -> log = json.getLongValue();
                case "decided" -> decided = json.getLongValue();
                case "published" -> published = json.getLongValue();
                default -> json.skipChildren();
            }
        }
        return new Times(source, ingest, log, decided, published);
    }

    /** Is this text the shortest decimal of a number that every reader holds exactly? */
    static boolean isNumber(String text) {
        int length = text.length();
        int i = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        int digits = length - i;
        if (digits < 1 || digits > 16) {
            return false;
        }
        int point = -1;
        for (int at = i; at < length; at++) {
            char c = text.charAt(at);
            if (c == '.' && point < 0) {
                point = at;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        if (digits - (point < 0 ? 0 : 1) > 15) {
            return false;
        }
        int whole = (point < 0 ? length : point) - i;
        if (whole < 1 || (whole > 1 && text.charAt(i) == '0')) {
            return false;
        }
        if (point >= 0) {
            // JavaScript writes numbers below 1e-6 with an exponent: six digits are enough for every cell.
            return length - point - 1 >= 1 && length - point - 1 <= 6 && text.charAt(length - 1) != '0';
        }
        return !text.equals("-0");
    }
}
