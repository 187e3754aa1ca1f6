package touchline.redis;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import touchline.config.Setting;

/** Which streams a table is, and where it begins to read them; beside {@link RedisConfig}, which says where Redis is. */
public record StreamsConfig(
        @Setting(help = "The stream's key; to read, several by commas.")
        List<String> stream,

        @Setting(value = "value", help = "The field of an entry that holds the row.")
        String field,

        @Setting(
                value = "earliest",
                help =
                        "Where reading begins: earliest, latest, behind an entry's id as 1795353583189-0, or with a time as"
                                + " 2026-06-20T19:00:00Z.")
        String from,

        @Setting(value = "50", help = "Streams that had nothing new are read again after this, ms.")
        int pollMs,

        @Setting(value = "1000", help = "Entries of a stream in one answer at most.")
        int readMax,

        @Setting(
                value = "",
                help =
                        "The hash that holds the current row of each key; empty for the stream's key and :rows. Only with"
                                + " PRIMARY KEY.")
        String rows)
        implements Serializable {

    static final String FIRST = "0-0";

    private static final String ID = "[0-9]{1,20}-[0-9]{1,20}";

    public StreamsConfig {
        stream = List.copyOf(stream);
        check(!stream.isEmpty(), "stream", stream, "name at least one");
        check(new HashSet<>(stream).size() == stream.size(), "stream", stream, "one of them stands there twice");
        check(!field.isBlank(), "field", field, "name one");
        check(
                List.of("earliest", "latest").contains(from) || from.matches(ID) || isTime(from),
                "from",
                from,
                "use earliest, latest, an entry's id as 1795353583189-0, or a time as 2026-06-20T19:00:00Z");
        check(pollMs >= 1, "pollMs", pollMs, "at least 1 is needed");
        check(readMax >= 1 && readMax <= 100_000, "readMax", readMax, "use 1..100000");
        check(!stream.contains(rows), "rows", rows, "that is the stream; a hash needs a key of its own");
    }

    /** The id behind which reading begins. */
    String after(String last) {
        if (from.equals("latest")) {
            return last;
        }
        if (from.equals("earliest")) {
            return FIRST;
        }
        if (from.matches(ID)) {
            return from;
        }
        long ms = Instant.parse(from).toEpochMilli();
        return ms <= 0 ? FIRST : (ms - 1) + "-" + Long.toUnsignedString(-1);
    }

    /** The one stream to write. */
    String target() {
        return stream.get(0);
    }

    /** The hash of the current rows. */
    String hash() {
        return rows.isEmpty() ? target() + ":rows" : rows;
    }

    private static boolean isTime(String text) {
        try {
            Instant.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    static void check(boolean holds, String name, Object value, String remedy) {
        if (!holds) {
            throw new IllegalArgumentException(name + "=" + value + ": " + remedy);
        }
    }
}
