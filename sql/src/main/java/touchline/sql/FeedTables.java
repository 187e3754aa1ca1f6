package touchline.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;
import touchline.feed.Clock;
import touchline.feed.Fixture;
import touchline.feed.Gone;
import touchline.feed.ManualDocument;
import touchline.feed.Period;
import touchline.feed.Phase;
import touchline.feed.Quote;
import touchline.feed.Score;
import touchline.feed.View;
import touchline.price.Prices;

/** Every column of the tables that are made of the feed log. What it means stands in {@code tables.sql}. */
final class FeedTables {

    static final String FEED = "feed";
    static final String MANUAL_DOCUMENTS = "manual_documents";

    private static final MapType PRICES = new MapType(Column.TEXT, Column.DECIMAL);
    private static final RowType FIXTURE = RowType.of(
            new LogicalType[] {Column.TEXT, Column.TEXT, Column.TEXT, Column.TEXT, Column.TIME},
            new String[] {"sport", "league", "home", "away", "start_time"});
    private static final RowType SCORE = RowType.of(
            new LogicalType[] {Column.NUMBER, Column.NUMBER, Column.FLAG, Column.TIME},
            new String[] {"home_score", "away_score", "completed", "stamp_time"});
    private static final RowType QUOTE = RowType.of(
            new LogicalType[] {Column.TEXT, Column.TEXT, Column.DECIMAL, PRICES, Column.TIME},
            new String[] {"bookmaker", "market", "line", "prices", "stamp_time"});
    private static final RowType GONE =
            RowType.of(new LogicalType[] {Column.TEXT, Column.TEXT}, new String[] {"bookmaker", "market"});
    private static final RowType PRICED = RowType.of(
            new LogicalType[] {Column.TEXT, Column.DECIMAL, PRICES, Column.TIME},
            new String[] {"market", "line", "prices", "stamp_time"});

    private FeedTables() {}

    static List<Column<Heard>> feed() {
        return List.of(
                Column.text("match_id", heard -> heard.record().match()),
                Column.text("source", heard -> heard.record().source()),
                Column.text("from_match", heard -> heard.record().from()),
                Column.number("generation", heard -> heard.record().seq().generation()),
                Column.number("n", heard -> heard.record().seq().n()),
                Column.text("kind", heard -> heard.record().kind().json()),
                Column.time("stamp_time", heard -> heard.record().at()),
                Column.time("seen_time", heard -> heard.record().seen()),
                Column.number("next_ms", heard -> heard.record().nextMs()),
                Column.time("log_time", Heard::logTime),
                viewed("full_view", Column.FLAG, View::full),
                viewed("missing", Column.FLAG, View::missing),
                viewed("fixture", FIXTURE, view -> fixture(view.fixture())),
                viewed("score", SCORE, view -> score(view.score())),
                viewed("quotes", new ArrayType(QUOTE), view -> array(view.quotes(), FeedTables::quote)),
                viewed("gone", new ArrayType(GONE), view -> array(view.gone(), FeedTables::gone)),
                Column.text("json", Heard::json));
    }

    static List<Column<Heard>> manualDocuments() {
        return List.of(
                Column.text("match_id", heard -> heard.record().match()),
                Column.number("rev", heard -> heard.record().seq().n()),
                Column.time("stamp_time", heard -> heard.record().at()),
                Column.time("log_time", Heard::logTime),
                documented("fixture", FIXTURE, document -> fixture(document.fixture())),
                documented("phase", Column.TEXT, document -> phase(document.phase())),
                documented("match_period", Column.TEXT, document -> period(document.period())),
                documented("score", SCORE, document -> score(document.score())),
                documented("clock_seconds", Column.NUMBER, document -> seconds(document.clock())),
                documented("markets", new ArrayType(PRICED), document -> array(document.markets(), FeedTables::priced)),
                documented(
                        "suspended",
                        new ArrayType(Column.TEXT),
                        document -> array(document.suspend(), StringData::fromString)),
                documented("deleted", Column.FLAG, ManualDocument::deleted),
                Column.text("json", Heard::json));
    }

    /** Null where the record is no view of a provider's. */
    private static Column<Heard> viewed(String name, LogicalType type, Column.Value<View> value) {
        return Column.of(name, type, heard -> heard.record().body() instanceof View view ? value.of(view) : null);
    }

    private static Column<Heard> documented(String name, LogicalType type, Column.Value<ManualDocument> value) {
        return Column.of(
                name,
                type,
                heard -> heard.record().body() instanceof ManualDocument document ? value.of(document) : null);
    }

    private static @Nullable GenericRowData fixture(@Nullable Fixture fixture) {
        return fixture == null
                ? null
                : GenericRowData.of(
                        StringData.fromString(fixture.sport()),
                        StringData.fromString(fixture.league()),
                        StringData.fromString(fixture.home()),
                        StringData.fromString(fixture.away()),
                        Column.time(fixture.start()));
    }

    private static @Nullable GenericRowData score(@Nullable Score score) {
        return score == null
                ? null
                : GenericRowData.of(
                        score.home() == null ? null : Long.valueOf(score.home()),
                        score.away() == null ? null : Long.valueOf(score.away()),
                        score.completed(),
                        Column.time(score.at()));
    }

    private static GenericRowData quote(Quote quote) {
        return GenericRowData.of(
                StringData.fromString(quote.bookmaker()),
                StringData.fromString(quote.market()),
                decimal(quote.line()),
                prices(quote.prices()),
                Column.time(quote.at()));
    }

    private static GenericRowData gone(Gone gone) {
        return GenericRowData.of(StringData.fromString(gone.bookmaker()), StringData.fromString(gone.market()));
    }

    private static GenericRowData priced(ManualDocument.Market market) {
        return GenericRowData.of(
                StringData.fromString(market.market()),
                decimal(market.line()),
                prices(market.prices()),
                Column.time(market.at()));
    }

    private static @Nullable StringData phase(@Nullable Phase phase) {
        return phase == null ? null : StringData.fromString(phase.json());
    }

    private static @Nullable StringData period(@Nullable Period period) {
        return period == null ? null : StringData.fromString(period.json());
    }

    private static @Nullable Long seconds(@Nullable Clock clock) {
        return clock == null ? null : Long.valueOf(clock.seconds());
    }

    private static @Nullable DecimalData decimal(@Nullable Integer milli) {
        return milli == null
                ? null
                : DecimalData.fromUnscaledLong(milli, Column.DECIMAL.getPrecision(), Column.DECIMAL.getScale());
    }

    private static GenericMapData prices(Prices prices) {
        Map<StringData, @Nullable DecimalData> map = new HashMap<>();
        prices.forEach((outcome, price) -> map.put(StringData.fromString(outcome), decimal(price)));
        return new GenericMapData(map);
    }

    private static <V> ArrayData array(List<V> values, Function<V, Object> element) {
        return new GenericArrayData(values.stream().map(element).toArray());
    }
}
