package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.StreamMessage;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;

/** What an entry of a stream tells beside its row; declared with {@code METADATA}. */
@SuppressWarnings("ImmutableEnumChecker") // Flink's data types do not change.
enum EntryColumn {
    ENTRY_ID(DataTypes.STRING(), "The entry's id, as 1795353583189-0."),
    STREAM_KEY(DataTypes.STRING(), "The stream's key."),
    ENTRY_TIME(DataTypes.TIMESTAMP_LTZ(3), "When Redis took the entry, by its clock: the id's first part."),
    FIELDS(DataTypes.MAP(DataTypes.STRING(), DataTypes.STRING()), "All fields of the entry, as text.");

    private final DataType type;
    private final String help;

    EntryColumn(DataType type, String help) {
        this.type = type;
        this.help = help;
    }

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    static EntryColumn named(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }

    DataType type() {
        return type;
    }

    String help() {
        return help;
    }

    /** In Flink's own form. */
    Object of(String stream, StreamMessage<byte[], byte[]> entry) {
        return switch (this) {
            case ENTRY_ID -> StringData.fromString(entry.getId());
            case STREAM_KEY -> StringData.fromString(stream);
            case ENTRY_TIME -> TimestampData.fromEpochMillis(StreamSplit.timeOf(entry.getId()));
            case FIELDS -> {
                Map<StringData, StringData> fields = new HashMap<>();
                entry.getBody().forEach((field, value) -> fields.put(text(field), text(value)));
                yield new GenericMapData(fields);
            }
        };
    }

    private static StringData text(byte[] bytes) {
        return StringData.fromString(new String(bytes, UTF_8));
    }
}
