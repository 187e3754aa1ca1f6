package touchline.jobs;

import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;
import org.jspecify.annotations.Nullable;
import touchline.book.Quotation;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Polled;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.oddsapi.OddsApiEvent;
import touchline.oddsapi.OddsApiEvents;
import touchline.postgres.Captured;
import touchline.postgres.CapturedCodec;
import touchline.price.Prices;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Times;

/**
 * All that Flink knows of our types: how each goes between stages as bytes. Every value is immutable, so a copy is the
 * value itself. None of these is kept in state: state holds bytes that the domain versions itself.
 */
public final class FlinkTypes {

    private FlinkTypes() {}

    static final TypeInformation<LogEntry> LOG_ENTRY = type(
            "log-entry",
            LogEntry.class,
            (entry, out) -> {
                out.writeInt(entry.partition);
                out.writeLong(entry.timestamp);
                bytes(entry.key, out);
                bytes(entry.value, out);
            },
            in -> new LogEntry(in.readInt(), in.readLong(), bytes(in), bytes(in)));

    static final TypeInformation<Told> TOLD = type(
            "told",
            Told.class,
            (told, out) -> {
                text(told.match, out);
                out.writeLong(told.logTime);
                bytes(told.record, out);
            },
            in -> new Told(text(in), in.readLong(), present(bytes(in))));

    static final TypeInformation<FeedEntry> FEED_ENTRY = type(
            "feed-entry",
            FeedEntry.class,
            (entry, out) -> {
                text(entry.match, out);
                bytes(entry.record, out);
            },
            in -> new FeedEntry(text(in), present(bytes(in))));

    // Too large or not, it is read back: the check before the log refuses it with its reason.
    static final TypeInformation<FeedRecord> FEED_RECORD = type(
            "feed-record",
            FeedRecord.class,
            (record, out) -> bytes(FeedJson.write(record), out),
            in -> FeedJson.readBack(present(bytes(in))));

    static final TypeInformation<Polled> POLLED = type(
            "polled",
            Polled.class,
            (polled, out) -> bytes(FeedJson.writePolled(polled), out),
            in -> FeedJson.readPolled(present(bytes(in))));

    static final TypeInformation<OddsApiEvent> ODDS_API_EVENT = type(
            "odds-api-event",
            OddsApiEvent.class,
            (event, out) -> bytes(OddsApiEvents.write(event), out),
            in -> OddsApiEvents.read(present(bytes(in))));

    public static final TypeInformation<Captured> CAPTURED = type(
            "captured",
            Captured.class,
            (captured, out) -> bytes(CapturedCodec.write(captured), out),
            in -> CapturedCodec.read(present(bytes(in))));

    static final TypeInformation<Notice> NOTICE =
            type("notice", Notice.class, FlinkTypes::writeNotice, FlinkTypes::readNotice);

    static final TypeInformation<Refused> REFUSED = type(
            "refused",
            Refused.class,
            (refused, out) -> {
                text(refused.reason().name(), out);
                text(refused.match(), out);
                text(refused.source(), out);
                text(refused.detail(), out);
                text(refused.payload(), out);
            },
            in -> new Refused(Refusal.valueOf(text(in)), text(in), text(in), text(in), text(in)));

    static final TypeInformation<MarketUpdate> UPDATE =
            type("update", MarketUpdate.class, FlinkTypes::writeUpdate, FlinkTypes::readUpdate);

    static final TypeInformation<Quotation> QUOTATION =
            type("quotation", Quotation.class, FlinkTypes::writeQuotation, FlinkTypes::readQuotation);

    private static void writeQuotation(Quotation quotation, DataOutputView out) throws IOException {
        text(quotation.match(), out);
        text(quotation.market(), out);
        text(quotation.source(), out);
        text(quotation.bookmaker(), out);
        out.writeBoolean(quotation.line() != null);
        if (quotation.line() != null) {
            out.writeInt(quotation.line());
        }
        out.writeInt(quotation.prices().size());
        for (int place = 0; place < quotation.prices().size(); place++) {
            text(quotation.prices().outcome(place), out);
            out.writeInt(quotation.prices().price(place));
        }
        out.writeLong(quotation.at());
        out.writeLong(quotation.confirmed());
        out.writeLong(quotation.log());
    }

    private static Quotation readQuotation(DataInputView in) throws IOException {
        String match = text(in);
        String market = text(in);
        String source = text(in);
        String bookmaker = text(in);
        Integer line = in.readBoolean() ? (Integer) in.readInt() : null;
        Prices.Builder prices = new Prices.Builder();
        for (int left = in.readInt(); left > 0; left--) {
            prices.put(text(in), in.readInt());
        }
        return new Quotation(
                match, market, source, bookmaker, line, prices.build(), in.readLong(), in.readLong(), in.readLong());
    }

    private static void writeNotice(Notice notice, DataOutputView out) throws IOException {
        text(notice.match(), out);
        if (notice instanceof Notice.Row row) {
            bytes(CapturedCodec.write(row.row()), out);
        } else if (notice instanceof Notice.Listed listed) {
            bytes(null, out);
            out.writeBoolean(listed.completed());
        }
    }

    private static Notice readNotice(DataInputView in) throws IOException {
        String match = text(in);
        byte[] row = bytes(in);
        return row == null
                ? new Notice.Listed(match, in.readBoolean())
                : new Notice.Row(match, CapturedCodec.read(row));
    }

    private static void writeUpdate(MarketUpdate update, DataOutputView out) throws IOException {
        text(update.match(), out);
        out.writeLong(update.position().generation());
        out.writeLong(update.position().created());
        out.writeLong(update.position().version());
        text(update.kind().name(), out);
        out.writeInt(update.set().size());
        for (Map.Entry<String, String> cell : update.set().entrySet()) {
            text(cell.getKey(), out);
            text(cell.getValue(), out);
        }
        out.writeInt(update.del().size());
        for (String cell : update.del()) {
            text(cell, out);
        }
        out.writeInt(update.sums().size());
        for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
            text(sum.getKey(), out);
            StringValue.writeString(sum.getValue(), out);
        }
        Times times = update.times();
        out.writeLong(times.source());
        out.writeLong(times.ingest());
        out.writeLong(times.log());
        out.writeLong(times.decided());
        out.writeLong(times.published());
    }

    private static MarketUpdate readUpdate(DataInputView in) throws IOException {
        String match = text(in);
        Position position = new Position(in.readLong(), in.readLong(), in.readLong());
        MarketUpdate.Kind kind = MarketUpdate.Kind.valueOf(text(in));
        SortedMap<String, String> set = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            set.put(text(in), text(in));
        }
        SortedSet<String> del = new TreeSet<>();
        for (int left = in.readInt(); left > 0; left--) {
            del.add(text(in));
        }
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            sums.put(text(in), StringValue.readString(in));
        }
        Times times = new Times(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
        return new MarketUpdate(match, position, kind, set, del, sums, times);
    }

    private static void text(String text, DataOutputView out) throws IOException {
        StringValue.writeString(text, out);
    }

    private static String text(DataInputView in) throws IOException {
        return present(StringValue.readString(in));
    }

    private static void bytes(byte @Nullable [] bytes, DataOutputView out) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte @Nullable [] bytes(DataInputView in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static <T> T present(@Nullable T value) throws IOException {
        if (value == null) {
            throw new IOException("null stands where a value was written");
        }
        return value;
    }

    private static <T> TypeInformation<T> type(
            String name, Class<T> type, WayType.Write<T> write, WayType.Read<T> read) {
        return new WayType<>(new WayType.Codec<>(name, type, write, read));
    }
}
