package touchline.relay;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.Position;
import touchline.update.UpdateJson;

/** What one state of a match is on the wire, by where the reader stands and which columns he has: each made once. */
final class Encoded {

    private record Variant(long from, Columns columns) {}

    private static final long IMAGE = -1;
    /** Who asks for what nobody else does must not fill a state that stays for long. */
    private static final int REMEMBERED = 64;

    private final MatchState state;
    private final Map<Variant, Message> made = new HashMap<>(2);
    private @Nullable Variant last;
    private @Nullable Message lastMade;

    Encoded(MatchState state) {
        this.state = state;
    }

    /** What brings a reader here: a patch from where he stands, or an image where none reaches or he holds nothing. */
    Message from(@Nullable Position held, Columns columns) {
        return variant(new Variant(held != null && state.reaches(held) ? held.version() : IMAGE, columns));
    }

    Message image(Columns columns) {
        return variant(new Variant(IMAGE, columns));
    }

    /** How many forms of it are kept. */
    synchronized int remembered() {
        return made.size();
    }

    private synchronized Message variant(Variant variant) {
        Message known = lastMade;
        if (known != null && variant.equals(last)) {
            return known;
        }
        if (made.size() >= REMEMBERED && !made.containsKey(variant)) {
            made.clear();
        }
        Message message = made.computeIfAbsent(variant, this::make);
        last = variant;
        lastMade = message;
        return message;
    }

    private Message make(Variant variant) {
        return variant.from == IMAGE ? makeImage(variant.columns) : makePatch(variant.from, variant.columns);
    }

    private Message makeImage(Columns columns) {
        return Json.message(json -> {
            json.writeStringField("op", "image");
            json.writeStringField("match", state.match);
            json.writeStringField("pos", state.position.toString());
            json.writeObjectFieldStart("cells");
            for (GroupState group : state.groups()) {
                if (columns.cover(group.key)) {
                    group.changedSince(0, (name, value) -> cell(json, name, value));
                }
            }
            json.writeEndObject();
            json.writeObjectFieldStart("sums");
            for (GroupState group : state.groups()) {
                if (columns.cover(group.key) && !group.isEmpty()) {
                    json.writeStringField(group.key, Checksum.hex(group.sum));
                }
            }
            json.writeEndObject();
        });
    }

    private Message makePatch(long from, Columns columns) {
        Position here = state.position;
        return Json.message(json -> {
            json.writeStringField("op", "patch");
            json.writeStringField("match", state.match);
            json.writeStringField("from", new Position(here.generation(), here.created(), from).toString());
            json.writeStringField("pos", here.toString());
            json.writeNumberField("n", here.version() - from);
            json.writeObjectFieldStart("set");
            for (GroupState group : state.groups()) {
                if (group.changed > from && columns.cover(group.key)) {
                    group.changedSince(from, (name, value) -> cell(json, name, value));
                }
            }
            json.writeEndObject();
            removed(json, from, columns);
            json.writeObjectFieldStart("sums");
            for (GroupState group : state.groups()) {
                if (group.changed > from && columns.cover(group.key)) {
                    json.writeStringField(group.key, group.isEmpty() ? null : Checksum.hex(group.sum));
                }
            }
            json.writeEndObject();
        });
    }

    private void removed(JsonGenerator json, long from, Columns columns) throws IOException {
        boolean[] any = {false};
        for (GroupState group : state.groups()) {
            if (group.changed > from && columns.cover(group.key)) {
                group.goneSince(from, field -> {
                    if (!any[0]) {
                        any[0] = true;
                        json.writeArrayFieldStart("del");
                    }
                    json.writeString(group.key + "/" + field);
                });
            }
        }
        if (any[0]) {
            json.writeEndArray();
        }
    }

    private static void cell(JsonGenerator json, SerializedString name, String value) throws IOException {
        json.writeFieldName(name);
        UpdateJson.writeValue(json, value);
    }
}
