package touchline.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object's fields as text, and those of the objects in it.
 *
 * @param objects by name; arrays and what lies deeper are left out
 */
record FlatJson(Map<String, String> fields, Map<String, Map<String, String>> objects) {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Null when the bytes are no JSON object. */
    static @Nullable FlatJson read(byte[] bytes) {
        try (JsonParser json = FACTORY.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            FlatJson flat = new FlatJson(new TreeMap<>(), new TreeMap<>());
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value == JsonToken.START_OBJECT) {
                    flat.objects().put(name, texts(json));
                } else if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    flat.fields().put(name, json.getText());
                } else {
                    json.skipChildren();
                }
            }
            return flat;
        } catch (IOException e) {
            return null;
        }
    }

    private static Map<String, String> texts(JsonParser json) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                texts.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
        return texts;
    }

    @Nullable
    String text(String field) {
        return fields.get(field);
    }

    @Nullable
    Long number(String field) {
        String text = fields.get(field);
        return text == null ? null : Long.valueOf(text);
    }
}
