package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.Seq;
import touchline.postgres.Captured.Document;
import touchline.postgres.Captured.Unusable;

class CapturedRowsTest {

    private static final String MATCH = "manual:1";
    private static final String AT = "2026-06-21T19:00:00.123456Z";

    private static final Schema ROW = SchemaBuilder.struct()
            .optional()
            .field("match", Schema.OPTIONAL_STRING_SCHEMA)
            .field("generation", Schema.OPTIONAL_INT64_SCHEMA)
            .field("rev", Schema.OPTIONAL_INT64_SCHEMA)
            .field("at", Schema.OPTIONAL_STRING_SCHEMA)
            .field("document", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private static final Schema SOURCE =
            SchemaBuilder.struct().field("table", Schema.STRING_SCHEMA).build();

    private static final Schema EVENT = SchemaBuilder.struct()
            .field("op", Schema.STRING_SCHEMA)
            .field("source", SOURCE)
            .field("before", ROW)
            .field("after", ROW)
            .build();

    @Test
    void theLargestDocumentComesThroughTheCodec() {
        Captured captured = CapturedRows.captured(changed(AT, sized(500_000)));

        assertThat(captured).isInstanceOf(Document.class);
        assertThat(CapturedCodec.read(CapturedCodec.write(captured))).isEqualTo(captured);
    }

    @Test
    void aDocumentAboveTheBoundIsRefusedAndDoesNotStopTheReader() {
        Refused refused = refused(changed(AT, sized(500_001)));

        assertThat(refused.reason()).isEqualTo(Refusal.TOO_LARGE);
        assertThat(refused.match()).isEqualTo(MATCH);
        assertThat(refused.source()).isEqualTo(Captured.DOCUMENTS);
        assertThat(refused.detail())
                .contains("match=manual:1", "size=500001", "at most 500000", "delete")
                .hasSizeLessThan(300);
    }

    /** What is small for PostgreSQL's count of characters may be large on the wire. */
    @Test
    void theBoundCountsBytesAndNotCharacters() {
        String wide = "{\"phase\":\"" + "é".repeat(250_000) + "\"}";
        assertThat(refused(changed(AT, wide)).reason()).isEqualTo(Refusal.TOO_LARGE);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "2026-06-21T19:00:00Z, {, NOT_JSON",
                "2026-06-21T19:00:00Z, {\"phase\":\"soon\"}, WRONG_TYPE",
                "1960-01-01T00:00:00Z, {}, WRONG_TYPE",
                "infinity, {}, WRONG_TYPE",
                "2026-06-21T19:00:00Z, __debezium_unavailable_value, MISSING_FIELD",
            })
    void aRefusedDocumentNamesItsMatch(String at, String json, Refusal reason) {
        Refused refused = refused(changed(at, json));

        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.match()).isEqualTo(MATCH);
        assertThat(unusable(changed(at, json)).seq()).isEqualTo(new Seq(1, 2));
    }

    @Test
    void aRowDeletedByHandNamesItsMatch() {
        Struct event = event("d").put("before", new Struct(ROW).put("match", MATCH));

        assertThat(refused(event).match()).isEqualTo(MATCH);
        assertThat(refused(event).reason()).isEqualTo(Refusal.MISSING_FIELD);
    }

    @Test
    void aRowWithoutAMatchNamesNone() {
        assertThat(refused(event("u").put("after", new Struct(ROW))).match()).isEmpty();
        assertThat(refused(event("d")).match()).isEmpty();
    }

    private static Refused refused(Struct event) {
        return unusable(event).refused();
    }

    private static Unusable unusable(Struct event) {
        Captured captured = CapturedRows.captured(event);
        assertThat(captured).isInstanceOf(Unusable.class);
        assertThat(captured.streamed()).isTrue();
        return (Unusable) captured;
    }

    /** A good document of so many bytes. */
    private static String sized(int bytes) {
        StringBuilder json = new StringBuilder("{\"markets\":[");
        for (int i = 0; json.length() < bytes - 1_000; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"market\":\"corners_")
                    .append(i)
                    .append("\",\"at\":1,\"prices\":{\"a")
                    .append("_".repeat(50))
                    .append("\":1.5,\"b")
                    .append("_".repeat(50))
                    .append("\":2}}");
        }
        json.append("]}");
        return json.append(" ".repeat(bytes - json.length())).toString();
    }

    private static Struct changed(String at, String json) {
        return event("u")
                .put(
                        "after",
                        new Struct(ROW)
                                .put("match", MATCH)
                                .put("generation", 1L)
                                .put("rev", 2L)
                                .put("at", at)
                                .put("document", json));
    }

    private static Struct event(String op) {
        return new Struct(EVENT).put("op", op).put("source", new Struct(SOURCE).put("table", "match_document"));
    }
}
