package touchline.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.cdc.debezium.DebeziumDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import touchline.feed.Bounds;
import touchline.feed.FeedJson;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.feed.Seq;
import touchline.postgres.Captured.Beat;
import touchline.postgres.Captured.Document;
import touchline.postgres.Captured.LinkRow;
import touchline.postgres.Captured.Unusable;

/**
 * Debezium's change events as {@link Captured}, one for one. Nothing in a row can stop it: what it cannot use becomes an
 * {@link Unusable}. In Debezium's terms: operation {@code r} is a row of the snapshot (lsn and times 0), {@code c} and {@code
 * u} are changes whose {@code after} is whole, {@code d} never happens here, since rows of captured tables stay.
 */
final class CapturedRows implements DebeziumDeserializationSchema<Captured> {
    private static final long serialVersionUID = 1L;

    /** What stands for a large value that an update left untouched; the triggers never do that. */
    private static final String UNAVAILABLE = "__debezium_unavailable_value";

    /**
     * Bytes of a document's JSON: some thousand markets. Behind this it is part of a record, which nobody can read above
     * {@link Bounds#MAX_BYTES} and which may write a value longer than the database does: half is never too much.
     */
    private static final int MAX_DOCUMENT = 500_000;

    private final TypeInformation<Captured> type;

    CapturedRows(TypeInformation<Captured> type) {
        this.type = type;
    }

    @Override
    public void deserialize(SourceRecord record, Collector<Captured> out) {
        out.collect(captured((Struct) record.value()));
    }

    static Captured captured(Struct event) {
        String table = "";
        boolean streamed = true;
        try {
            streamed = !event.getString("op").equals("r");
            table = event.getStruct("source").getString("table");
            Struct row = event.getStruct("after");
            if (row == null) {
                throw new RefusedException(
                        Refusal.MISSING_FIELD,
                        "a row of " + table
                                + " was deleted by hand: these rows stay, write the operators' tables instead");
            }
            return switch (table) {
                case "match_document" -> document(row, streamed);
                case "link_state" -> link(row, streamed);
                case "heartbeat" -> new Beat(ms(row.getString("at")), streamed);
                default ->
                    throw new RefusedException(
                            Refusal.UNKNOWN_KIND,
                            "table " + table + " is captured and should not be: see deploy/postgres/publication.sql");
            };
        } catch (RefusedException e) {
            return unusable(event, table, e.reason(), e.detail(), streamed);
        } catch (DataException | DateTimeException | NullPointerException e) {
            // Another schema than deploy/postgres has: a column is missing, null or of another type.
            return unusable(
                    event,
                    table,
                    Refusal.WRONG_TYPE,
                    "a row of " + table + " has another shape than deploy/postgres/schema.sql gives it: "
                            + e.getMessage(),
                    streamed);
        }
    }

    private static Document document(Struct row, boolean streamed) throws RefusedException {
        return document(
                row.getString("match"),
                row.getInt64("generation"),
                row.getInt64("rev"),
                ms(row.getString("at")),
                row.getString("document"),
                streamed);
    }

    /** @throws RefusedException when it cannot be used */
    static Document document(String id, long generation, long rev, long at, String json, boolean streamed)
            throws RefusedException {
        if (json.equals(UNAVAILABLE)) {
            throw new RefusedException(
                    Refusal.MISSING_FIELD,
                    "document was left as it is in an update of its row: let only the triggers write match_document");
        }
        String match = Bounds.matchId(id);
        int size = json.getBytes(UTF_8).length;
        if (size > MAX_DOCUMENT) {
            throw new RefusedException(
                    Refusal.TOO_LARGE,
                    "document of match=" + match + " size=" + size + ": at most " + MAX_DOCUMENT
                            + " bytes are read, delete markets, selections or incidents that are not needed");
        }
        return new Document(
                match,
                Bounds.number("generation", generation),
                Bounds.number("rev", rev),
                Bounds.number("at", at),
                FeedJson.readManual(json),
                streamed);
    }

    private static LinkRow link(Struct row, boolean streamed) throws RefusedException {
        return link(
                row.getString("provider_match"),
                row.getString("match"),
                row.getString("was"),
                row.getInt64("generation"),
                row.getInt64("rev"),
                ms(row.getString("at")),
                streamed);
    }

    /** @throws RefusedException when it cannot be used */
    static LinkRow link(
            String providerMatch,
            @Nullable String match,
            @Nullable String was,
            long generation,
            long rev,
            long at,
            boolean streamed)
            throws RefusedException {
        return new LinkRow(
                Bounds.matchId(providerMatch),
                matchOrNull(match),
                matchOrNull(was),
                Bounds.number("generation", generation),
                Bounds.number("rev", rev),
                at,
                streamed);
    }

    private static @Nullable String matchOrNull(@Nullable String match) throws RefusedException {
        return match == null ? null : Bounds.matchId(match);
    }

    /** Debezium gives a timestamptz as ISO text in UTC. */
    private static long ms(String timestamp) {
        return OffsetDateTime.parse(timestamp).toInstant().toEpochMilli();
    }

    private static Unusable unusable(Struct event, String table, Refusal reason, String detail, boolean streamed) {
        Struct row = event.getStruct("after");
        // Of a deleted row the change stream still has the key.
        Struct keyed = row != null ? row : event.getStruct("before");
        String key = table.equals("link_state") ? "provider_match" : "match";
        Object match = keyed == null || keyed.schema().field(key) == null ? null : keyed.get(key);
        String source = table.equals("link_state") ? Captured.LINKS : Captured.DOCUMENTS;
        return new Unusable(
                new Refused(
                        reason,
                        match == null ? "" : String.valueOf(match),
                        source,
                        detail,
                        String.valueOf(row == null ? event : row)),
                seq(row),
                streamed);
    }

    private static @Nullable Seq seq(@Nullable Struct row) {
        if (row == null
                || row.schema().field("generation") == null
                || row.schema().field("rev") == null) {
            return null;
        }
        boolean reads = row.get("generation") instanceof Long generation
                && row.get("rev") instanceof Long rev
                && Math.min(generation, rev) >= 0
                && Math.max(generation, rev) < Bounds.MAX_NUMBER;
        return reads ? new Seq(row.getInt64("generation"), row.getInt64("rev")) : null;
    }

    @Override
    public TypeInformation<Captured> getProducedType() {
        return type;
    }
}
