package touchline.feed;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON as the values that feed records are made of, each checked as it is read. The parser is on a value's first token. */
final class Tokens {

    /** Far more than any object of the contract has; what is unknown is skipped, but not without end. */
    private static final int MAX_FIELDS = 100;
    /** Beyond this many a set finds a repeated name faster. */
    private static final int FEW = 24;

    private final JsonParser json;

    Tokens(JsonParser json) {
        this.json = json;
    }

    interface Opening {
        JsonParser open() throws IOException;
    }

    interface Shape<T> {
        T read(Tokens json) throws IOException, RefusedException;
    }

    /** One value and nothing behind it; a refusal says where in it. */
    static <T> T whole(Opening opening, Shape<T> shape) throws RefusedException {
        try (JsonParser json = opening.open()) {
            return whole(json, shape);
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    private static <T> T whole(JsonParser json, Shape<T> shape) throws IOException, RefusedException {
        if (json.nextToken() == null) {
            throw new RefusedException(Refusal.NOT_JSON, "there is nothing to read");
        }
        T read;
        try {
            read = shape.read(new Tokens(json));
        } catch (RefusedException e) {
            String where = json.getParsingContext().pathAsPointer().toString();
            throw new RefusedException(
                    e.reason(), e.detail() + (where.isEmpty() ? "" : " (in " + Bounds.clip(where) + ")"));
        }
        if (json.nextToken() != null) {
            throw new RefusedException(Refusal.NOT_JSON, "there is more behind the closing brace");
        }
        return read;
    }

    private static RefusedException notJson(IOException e) {
        String message = String.valueOf(e.getMessage());
        String where = "";
        if (e instanceof JsonProcessingException json) {
            message = String.valueOf(json.getOriginalMessage());
            JsonLocation location = json.getLocation();
            where = location == null
                    ? ""
                    : " (at " + Math.max(location.getByteOffset(), location.getCharOffset()) + ")";
        }
        return new RefusedException(Refusal.NOT_JSON, Bounds.clip(message) + where + ": send whole JSON in UTF-8");
    }

    /** The fields of one object, one after the other; none may come twice, or readers would differ in what they saw. */
    final class Fields {
        private final Refusal twice;
        private final int most;
        private String[] names = new String[8];
        private int count;
        private @Nullable Set<String> many;

        private Fields(Refusal twice, int most) {
            this.twice = twice;
            this.most = most;
        }

        /** The next field's name, with the parser on its value; null at the object's end. */
        @Nullable
        String next() throws IOException, RefusedException {
            if (json.nextToken() != FIELD_NAME) {
                return null;
            }
            String name = json.currentName();
            if (isRepeated(name)) {
                throw new RefusedException(twice, Bounds.clip(name) + ": stands there twice, send it once");
            }
            if (++count > most) {
                throw new RefusedException(
                        Refusal.TOO_MANY, Bounds.clip(name) + ": an object has at most " + most + " fields");
            }
            json.nextToken();
            return name;
        }

        /** And notes the name. */
        private boolean isRepeated(String name) {
            if (many != null) {
                return !many.add(name);
            }
            for (int i = 0; i < count; i++) {
                if (names[i].equals(name)) {
                    return true;
                }
            }
            if (count == FEW) {
                many = new HashSet<>(Arrays.asList(names));
                many.add(name);
                return false;
            }
            if (count == names.length) {
                names = Arrays.copyOf(names, FEW);
            }
            names[count] = name;
            return false;
        }
    }

    interface Item<T> {
        T read() throws IOException, RefusedException;
    }

    Fields object(String name) throws IOException, RefusedException {
        return object(name, Refusal.NOT_JSON);
    }

    Fields object(String name, Refusal twice) throws IOException, RefusedException {
        expect(START_OBJECT, name, "an object is needed");
        return new Fields(twice, MAX_FIELDS);
    }

    /** An object whose names are data, as many as a list may have items. */
    Fields keyed(String name) throws IOException, RefusedException {
        expect(START_OBJECT, name, "an object is needed");
        return new Fields(Refusal.NOT_JSON, Bounds.MAX_ITEMS);
    }

    <T> List<T> list(String name, Item<T> item) throws IOException, RefusedException {
        expect(START_ARRAY, name, "an array is needed");
        List<T> list = new ArrayList<>();
        while (json.nextToken() != END_ARRAY) {
            list.add(item.read());
            Bounds.items(name, list.size());
        }
        return list;
    }

    Seq seq() throws IOException, RefusedException {
        expect(START_ARRAY, "seq", "two numbers are needed, [generation, n]");
        json.nextToken();
        long generation = number("seq[0]");
        json.nextToken();
        long n = number("seq[1]");
        json.nextToken();
        expect(END_ARRAY, "seq[2]", "two numbers are needed, [generation, n]");
        return new Seq(generation, n);
    }

    boolean isNull() {
        return json.currentToken() == VALUE_NULL;
    }

    void skip() throws IOException {
        json.skipChildren();
    }

    String string(String name) throws IOException, RefusedException {
        expect(VALUE_STRING, name, "a string is needed");
        return json.getText();
    }

    boolean bool(String name) throws IOException, RefusedException {
        if (json.currentToken() == JsonToken.VALUE_TRUE) {
            return true;
        }
        expect(JsonToken.VALUE_FALSE, name, "true or false is needed");
        return false;
    }

    /** A whole number from 0 to below 2^53. */
    long number(String name) throws IOException, RefusedException {
        return Bounds.number(name, integer(name));
    }

    int score(String name) throws IOException, RefusedException {
        return Bounds.score(name, integer(name));
    }

    int price(String name) throws IOException, RefusedException {
        return Bounds.price(name, numeric(name));
    }

    @Nullable
    Integer line() throws IOException, RefusedException {
        return isNull() ? null : Bounds.line("line", numeric("line"));
    }

    private long integer(String name) throws IOException, RefusedException {
        expect(VALUE_NUMBER_INT, name, "a whole number is needed");
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new RefusedException(
                    Refusal.WRONG_TYPE, name + "=" + Bounds.clip(json.getText()) + ": must be below 2^53");
        }
        return json.getLongValue();
    }

    private String numeric(String name) throws IOException, RefusedException {
        if (!json.currentToken().isNumeric()) {
            throw wrong(name, "a number is needed");
        }
        return json.getText();
    }

    private void expect(JsonToken token, String name, String needed) throws IOException, RefusedException {
        if (json.currentToken() != token) {
            throw wrong(name, needed);
        }
    }

    private RefusedException wrong(String name, String needed) throws IOException {
        String value = switch (json.currentToken()) {
            case START_OBJECT -> "{...}";
            case START_ARRAY -> "[...]";
            case END_ARRAY, END_OBJECT -> "nothing";
            case VALUE_STRING -> '"' + Bounds.clip(json.getText()) + '"';
            default -> Bounds.clip(json.getText());
        };
        return new RefusedException(Refusal.WRONG_TYPE, name + "=" + value + ": " + needed);
    }
}
