package touchline.book;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.feed.Decimal;

/**
 * Quotations as keys and values of a compacted topic:
 *
 * <pre>{"match":"oddsapi:1","market":"totals","source":"oddsapi/odds","bookmaker":"fanduel"}
 * {"match":..,"market":..,"source":..,"bookmaker":..,"line":2.5,"prices":{"over":1.9,"under":1.95},"at":1,"log":2}</pre>
 *
 * The fields have this order always, so that equal keys are equal bytes. A market without lines has no {@code line}; a
 * quotation that is withdrawn has no value.
 */
public final class QuotationJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private QuotationJson() {}

    public static byte[] key(Quotation quotation) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(140)) {
            try (JsonGenerator json = FACTORY.createGenerator(out)) {
                json.writeStartObject();
                writeKey(json, quotation);
                json.writeEndObject();
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    /** Null for one that is withdrawn. */
    public static byte @Nullable [] value(Quotation quotation) {
        if (quotation.isWithdrawn()) {
            return null;
        }
        try (ByteArrayBuilder out = new ByteArrayBuilder(260)) {
            try (JsonGenerator json = FACTORY.createGenerator(out)) {
                json.writeStartObject();
                writeKey(json, quotation);
                if (quotation.line() != null) {
                    json.writeFieldName("line");
                    json.writeNumber(Decimal.text(quotation.line()));
                }
                json.writeObjectFieldStart("prices");
                for (int place = 0; place < quotation.prices().size(); place++) {
                    json.writeFieldName(quotation.prices().outcome(place));
                    json.writeNumber(Decimal.text(quotation.prices().price(place)));
                }
                json.writeEndObject();
                json.writeNumberField("at", quotation.at());
                json.writeNumberField("log", quotation.log());
                json.writeEndObject();
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    private static void writeKey(JsonGenerator json, Quotation quotation) throws IOException {
        json.writeStringField("match", quotation.match());
        json.writeStringField("market", quotation.market());
        json.writeStringField("source", quotation.source());
        json.writeStringField("bookmaker", quotation.bookmaker());
    }

    /**
     * That the quotation of a key is withdrawn.
     *
     * @throws IllegalArgumentException when the bytes are no such key
     */
    public static Quotation withdrawn(byte[] key, long log) {
        Map<String, String> fields = new TreeMap<>();
        try (JsonParser json = FACTORY.createParser(key)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a quotation's key: it is no object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken() != JsonToken.VALUE_STRING) {
                    throw new IllegalArgumentException("not a quotation's key: " + name + " is no text");
                }
                fields.put(name, json.getText());
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not a quotation's key: " + e.getMessage(), e);
        }
        return Quotation.withdrawn(
                field(fields, "match"),
                field(fields, "market"),
                field(fields, "source"),
                field(fields, "bookmaker"),
                log);
    }

    private static String field(Map<String, String> fields, String name) {
        String text = fields.get(name);
        if (text == null) {
            throw new IllegalArgumentException("not a quotation's key: " + name + " is missing");
        }
        return text;
    }
}
