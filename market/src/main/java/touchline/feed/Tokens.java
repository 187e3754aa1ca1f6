package touchline.feed;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON as the values that feed records are made of, each checked as it is read. The parser is on a value's first token. */
final class Tokens {

    /** Far more than any object of the contract has; what is unknown is skipped, but not without end. */
    private static final int MAX_FIELDS = 100;

    private final JsonParser json;

    Tokens(JsonParser json) {
        this.json = json;
    }

    /** The fields of one object, one after the other; none may come twice, or readers would differ in what they saw. */
    final class Fields {
        private final Refusal twice;
        private String[] names = new String[10];
        private int count;

        private Fields(Refusal twice) {
            this.twice = twice;
        }

        /** The next field's name, with the parser on its value; null at the object's end. */
        @Nullable
        String next() throws IOException, RefusedException {
            if (json.nextToken() != FIELD_NAME) {
                return null;
            }
            String name = json.currentName();
            for (int i = 0; i < count; i++) {
                if (names[i].equals(name)) {
                    throw new RefusedException(twice, Bounds.clip(name) + ": stands there twice, send it once");
                }
            }
            if (count == names.length) {
                if (count == MAX_FIELDS) {
                    throw new RefusedException(
                            Refusal.TOO_MANY, Bounds.clip(name) + ": an object has at most " + MAX_FIELDS + " fields");
                }
                names = Arrays.copyOf(names, MAX_FIELDS);
            }
            names[count++] = name;
            json.nextToken();
            return name;
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
        return new Fields(twice);
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
