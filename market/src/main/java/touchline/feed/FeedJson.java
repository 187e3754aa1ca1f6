package touchline.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.price.Prices;

/**
 * Feed records as JSON, both ways. Writing is deterministic: the same record gives the same bytes. Reading checks every
 * type and {@linkplain Bounds bound}; fields it does not know are skipped.
 */
public final class FeedJson {

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(20).build())
            .build();

    private FeedJson() {}

    /** @throws RefusedException when the bytes are not a feed record; the detail names the field and the value */
    public static FeedRecord read(byte[] json) throws RefusedException {
        if (json.length > Bounds.MAX_BYTES) {
            throw new RefusedException(
                    Refusal.TOO_LARGE,
                    "record of " + json.length + " bytes: at most " + Bounds.MAX_BYTES
                            + ", send fewer markets at once");
        }
        return FeedReader.record(json);
    }

    /**
     * What this process itself has written, of any size.
     *
     * @throws IllegalArgumentException when these are no bytes of {@link #write}
     */
    public static FeedRecord readBack(byte[] json) {
        try {
            return FeedReader.record(json);
        } catch (RefusedException e) {
            throw new IllegalArgumentException("not a record as it was written: " + e.detail(), e);
        }
    }

    /** The body of a manual document, as the operators' database keeps it. */
    public static ManualDocument readManual(String json) throws RefusedException {
        return FeedReader.manual(json);
    }

    /** A poll's view as a record in a flow or a state has it. */
    public static byte[] writePolled(Polled polled) {
        View view = polled.view();
        return write(new FeedRecord(
                polled.match(),
                polled.source(),
                polled.seq(),
                polled.at(),
                polled.seen(),
                polled.nextMs(),
                view.kind(),
                view));
    }

    /** @throws IllegalArgumentException when these are no bytes of {@link #writePolled} */
    public static Polled readPolled(byte[] json) {
        try {
            FeedRecord record = FeedReader.record(json);
            if (record.body() instanceof View view) {
                return new Polled(
                        record.match(),
                        record.source(),
                        record.seq(),
                        record.at(),
                        record.seen(),
                        record.nextMs(),
                        view);
            }
            throw new IllegalArgumentException("a poll holds a view, not a record of kind " + record.kind());
        } catch (RefusedException e) {
            throw new IllegalArgumentException("not the bytes of a poll: " + e.detail(), e);
        }
    }

    /** A tick has no key, no source and no times of its own: it is written as its kind and an empty body. */
    public static byte[] write(FeedRecord record) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(512)) {
            try (JsonGenerator json = FACTORY.createGenerator(out)) {
                json.writeStartObject();
                if (record.kind() != Kind.TICK) {
                    json.writeStringField("match", record.match());
                    json.writeStringField("source", record.source());
                    text(json, "from", record.from());
                    json.writeArrayFieldStart("seq");
                    json.writeNumber(record.seq().generation());
                    json.writeNumber(record.seq().n());
                    json.writeEndArray();
                    json.writeNumberField("at", record.at());
                    json.writeNumberField("seen", record.seen());
                    json.writeNumberField("nextMs", record.nextMs());
                }
                json.writeStringField("kind", record.kind().json());
                json.writeObjectFieldStart("body");
                Body body = record.body();
                if (body instanceof View view) {
                    view(json, view);
                } else if (body instanceof ManualDocument document) {
                    manual(json, document);
                } else if (body instanceof Link link) {
                    json.writeStringField(link.direction() == Link.Direction.TO ? "to" : "from", link.other());
                    json.writeBooleanField("linked", link.linked());
                }
                json.writeEndObject();
                json.writeEndObject();
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    private static void view(JsonGenerator json, View view) throws IOException {
        if (view.full()) {
            json.writeBooleanField("full", true);
        }
        if (view.missing()) {
            json.writeBooleanField("missing", true);
        }
        fixture(json, view.fixture());
        if (!view.quotes().isEmpty()) {
            json.writeArrayFieldStart("quotes");
            for (Quote quote : view.quotes()) {
                json.writeStartObject();
                json.writeStringField("bookmaker", quote.bookmaker());
                json.writeStringField("market", quote.market());
                json.writeNumberField("at", quote.at());
                line(json, quote.line());
                prices(json, quote.prices());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (!view.gone().isEmpty()) {
            json.writeArrayFieldStart("gone");
            for (Gone gone : view.gone()) {
                json.writeStartObject();
                json.writeStringField("bookmaker", gone.bookmaker());
                json.writeStringField("market", gone.market());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (!view.stamps().isEmpty()) {
            json.writeObjectFieldStart("stamps");
            String market = "";
            for (Stamp stamp : view.stamps()) {
                if (!stamp.market().equals(market)) {
                    if (!market.isEmpty()) {
                        json.writeEndObject();
                    }
                    market = stamp.market();
                    json.writeObjectFieldStart(market);
                }
                json.writeNumberField(stamp.bookmaker(), stamp.at());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        score(json, view.score());
        incidents(json, view.incidents());
    }

    private static void manual(JsonGenerator json, ManualDocument document) throws IOException {
        fixture(json, document.fixture());
        if (document.phase() != null) {
            json.writeStringField("phase", document.phase().json());
        }
        if (document.period() != null) {
            json.writeStringField("period", document.period().json());
        }
        score(json, document.score());
        Clock clock = document.clock();
        if (clock != null) {
            json.writeObjectFieldStart("clock");
            json.writeNumberField("at", clock.at());
            json.writeNumberField("seconds", clock.seconds());
            json.writeBooleanField("running", clock.running());
            json.writeEndObject();
        }
        if (!document.markets().isEmpty()) {
            json.writeArrayFieldStart("markets");
            for (ManualDocument.Market market : document.markets()) {
                json.writeStartObject();
                json.writeStringField("market", market.market());
                line(json, market.line());
                json.writeNumberField("at", market.at());
                prices(json, market.prices());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        incidents(json, document.incidents());
        if (!document.suspend().isEmpty()) {
            json.writeArrayFieldStart("suspend");
            for (String market : document.suspend()) {
                json.writeString(market);
            }
            json.writeEndArray();
        }
        if (document.deleted()) {
            json.writeBooleanField("deleted", true);
        }
    }

    private static void fixture(JsonGenerator json, @Nullable Fixture fixture) throws IOException {
        if (fixture == null) {
            return;
        }
        json.writeObjectFieldStart("fixture");
        text(json, "sport", fixture.sport());
        text(json, "league", fixture.league());
        text(json, "home", fixture.home());
        text(json, "away", fixture.away());
        if (fixture.start() != null) {
            json.writeNumberField("start", fixture.start());
        }
        json.writeEndObject();
    }

    private static void score(JsonGenerator json, @Nullable Score score) throws IOException {
        if (score == null) {
            return;
        }
        json.writeObjectFieldStart("score");
        if (score.home() != null && score.away() != null) {
            json.writeNumberField("home", score.home());
            json.writeNumberField("away", score.away());
        }
        if (score.completed()) {
            json.writeBooleanField("completed", true);
        }
        json.writeNumberField("at", score.at());
        json.writeEndObject();
    }

    private static void incidents(JsonGenerator json, List<Incident> incidents) throws IOException {
        if (incidents.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("incidents");
        for (Incident incident : incidents) {
            json.writeStartObject();
            json.writeStringField("id", incident.id());
            json.writeStringField("type", Words.of(incident.type()));
            if (incident.side() != null) {
                json.writeStringField("side", Words.of(incident.side()));
            }
            json.writeStringField("state", Words.of(incident.state()));
            json.writeNumberField("at", incident.at());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void line(JsonGenerator json, @Nullable Integer line) throws IOException {
        if (line != null) {
            json.writeFieldName("line");
            json.writeNumber(Decimal.text(line));
        }
    }

    private static void prices(JsonGenerator json, Prices prices) throws IOException {
        json.writeObjectFieldStart("prices");
        for (int place = 0; place < prices.size(); place++) {
            json.writeFieldName(prices.outcome(place));
            json.writeNumber(Decimal.text(prices.price(place)));
        }
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
