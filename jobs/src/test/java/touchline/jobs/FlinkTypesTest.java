package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import touchline.book.Quotation;
import touchline.feed.Bounds;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Gone;
import touchline.feed.Kind;
import touchline.feed.Polled;
import touchline.feed.Quote;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.Seq;
import touchline.feed.View;
import touchline.oddsapi.OddsApiEvent;
import touchline.postgres.Captured;
import touchline.price.Prices;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Times;

class FlinkTypesTest {

    private static final View VIEW = View.seen(List.of());

    @Test
    void valuesComeBackAsTheyWere() throws IOException {
        comesBack(FlinkTypes.REFUSED, new Refused(Refusal.NOT_JSON, "t:1", "a/b", "détail", "\u0000 \ud83d\ude00"));
        comesBack(FlinkTypes.UPDATE, update());
        Prices prices = Prices.of(Map.of("over", 1_900, "under", 1_950));
        comesBack(FlinkTypes.QUOTATION, new Quotation("t:1", "totals", "a/b", "c", 2_500, prices, 1, 2, 3));
        comesBack(FlinkTypes.QUOTATION, new Quotation("t:1", "h2h", "a/b@t:2", "c", null, prices, 1, 0, 3));
        comesBack(FlinkTypes.QUOTATION, Quotation.withdrawn("t:1", "h2h", "a/b", "c", 3));
        comesBack(FlinkTypes.FEED_RECORD, new FeedRecord("t:1", "a/b", new Seq(1, 2), 3, 4, 5, Kind.SEEN, VIEW));
        Polled polled = new Polled("t:1", "a/b", new Seq(1, 2), 3, 4, 5, VIEW);
        comesBack(FlinkTypes.POLLED, polled);
        comesBack(FlinkTypes.ODDS_API_EVENT, new OddsApiEvent.Heard(polled));
        comesBack(FlinkTypes.NOTICE, new Notice.Listed("p:1", true));
        comesBack(FlinkTypes.NOTICE, new Notice.Row("p:1", new Captured.Beat(7, true)));
        comesBack(FlinkTypes.CAPTURED, new Captured.Beat(7, true));
        comesBack(FlinkTypes.CAPTURED, new Captured.LinkRow("p:1", null, "m:1", 1, 2, 3, true));
    }

    @Test
    void aRecordTooLargeForTheLogStillReachesTheCheckThatRefusesIt() throws IOException {
        List<Quote> quotes = new ArrayList<>();
        List<Gone> gone = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            quotes.add(new Quote(
                    "a_bookmaker_with_a_long_key_" + i,
                    "h2h",
                    1,
                    null,
                    Map.of("home", 2_000, "draw", 3_400, "away", 2_100)));
            gone.add(new Gone("another_bookmaker_with_a_longer_key_than_that_" + i, "alternate_totals:3.5"));
        }
        View view = new View(false, false, null, quotes, gone, List.of(), null, List.of());
        FeedRecord record = new FeedRecord("t:1", "a/b", new Seq(1, 2), 3, 4, 5, view.kind(), view);
        assertThat(FeedJson.write(record)).hasSizeGreaterThan(Bounds.MAX_BYTES);
        comesBack(FlinkTypes.FEED_RECORD, record);
    }

    @Test
    void aLogEntryMayLackKeyAndValue() throws IOException {
        LogEntry back = back(FlinkTypes.LOG_ENTRY, new LogEntry(3, 5, null, null));
        assertThat(back.partition).isEqualTo(3);
        assertThat(back.timestamp).isEqualTo(5);
        assertThat(back.key).isNull();
        assertThat(back.value).isNull();
    }

    @Test
    void bytesComeBack() throws IOException {
        assertThat(back(FlinkTypes.TOLD, new Told("t:1", 9, new byte[] {1, 2})).record)
                .containsExactly(1, 2);
        assertThat(back(FlinkTypes.FEED_ENTRY, new FeedEntry("t:1", new byte[] {3})).record)
                .containsExactly(3);
    }

    @Test
    void twoTypesAreNeverTakenForOneAnother() {
        assertThat(FlinkTypes.TOLD).isNotEqualTo(FlinkTypes.FEED_ENTRY);
        assertThat(serializer(FlinkTypes.TOLD)).isNotEqualTo(serializer(FlinkTypes.FEED_ENTRY));
        assertThat(serializer(FlinkTypes.TOLD)).isEqualTo(serializer(FlinkTypes.TOLD));
    }

    private static MarketUpdate update() {
        TreeMap<String, @Nullable String> sums = new TreeMap<>();
        sums.put("match", "0011223344556677");
        sums.put("btts", null);
        return new MarketUpdate(
                "t:1",
                new Position(1, 2, 3),
                MarketUpdate.Kind.PATCH,
                new TreeMap<>(Map.of("match/score_home", "1")),
                new TreeSet<>(List.of("btts/yes")),
                sums,
                new Times(1, 2, 3, 4, 5));
    }

    private static <T> void comesBack(TypeInformation<T> type, T value) throws IOException {
        assertThat(back(type, value)).isEqualTo(value);
    }

    private static <T> T back(TypeInformation<T> type, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer(type).serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        T back = serializer(type).deserialize(in);
        assertThat(in.available()).isZero();
        return back;
    }

    private static <T> TypeSerializer<T> serializer(TypeInformation<T> type) {
        return type.createSerializer(new SerializerConfigImpl());
    }
}
