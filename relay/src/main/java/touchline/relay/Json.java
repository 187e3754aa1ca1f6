package touchline.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** The messages of the relay, see PROTOCOL.md; those that carry a match's cells are made by {@link Encoded}. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** A reason may repeat what a client said, which may be long. */
    private static final int REASON_CHARS = 300;

    private Json() {}

    private static String brief(String reason) {
        return reason.length() <= REASON_CHARS ? reason : reason.substring(0, REASON_CHARS) + "...";
    }

    /** Writes the fields of one object. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    static Message message(Fields fields) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(400)) {
            try (JsonGenerator json = FACTORY.createGenerator(out)) {
                json.writeStartObject();
                fields.write(json);
                json.writeEndObject();
            }
            return new Message(out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    static Message ready(long id) {
        return message(json -> {
            json.writeStringField("op", "ready");
            json.writeNumberField("id", id);
        });
    }

    /**
     * @param position at which the match went, null when it never had one here
     * @param to the match under which it goes on, null when it does not
     */
    static Message gone(String match, @Nullable Position position, String why, @Nullable String to) {
        return message(json -> {
            json.writeStringField("op", "gone");
            json.writeStringField("match", match);
            if (position != null) {
                json.writeStringField("pos", position.toString());
            }
            json.writeStringField("why", why);
            if (to != null) {
                json.writeStringField("to", to);
            }
        });
    }

    /** @param ping the question that it answers, null when it was not asked for */
    static Message alive(@Nullable Long ping, long at, Feed feed, boolean late, long lagMs, Collection<String> behind) {
        return message(json -> {
            json.writeStringField("op", "alive");
            if (ping != null) {
                json.writeNumberField("id", ping);
            }
            json.writeNumberField("at", at);
            json.writeStringField("feed", feed.json());
            json.writeBooleanField("late", late);
            json.writeNumberField("lagMs", lagMs);
            if (!behind.isEmpty()) {
                json.writeArrayFieldStart("behind");
                for (String match : behind) {
                    json.writeString(match);
                }
                json.writeEndArray();
            }
        });
    }

    /** The connection ends with this code. */
    static Message error(CloseCode code, String reason, long afterMs) {
        return message(json -> {
            json.writeStringField("op", "error");
            json.writeNumberField("code", code.code());
            json.writeStringField("reason", brief(reason));
            json.writeBooleanField("reconnect", code.reconnect());
            if (afterMs > 0) {
                json.writeNumberField("after", afterMs);
            }
        });
    }

    /** One subscription was refused, the connection goes on. */
    static Message refused(long id, CloseCode code, String reason) {
        return message(json -> {
            json.writeStringField("op", "error");
            json.writeNumberField("id", id);
            json.writeNumberField("code", code.code());
            json.writeStringField("reason", brief(reason));
            json.writeBooleanField("reconnect", true);
        });
    }
}
