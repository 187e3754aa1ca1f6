package touchline.oddsapi;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;
import touchline.feed.Fixture;
import touchline.feed.Polled;
import touchline.feed.Quote;

/** What a row of the table {@code odds-api} can hold: one outcome's price, as one poll had it. */
@SuppressWarnings("ImmutableEnumChecker") // Flink's data types do not change, and neither do these functions.
enum OddsColumn {
    MATCH_ID(
            DataTypes.STRING(),
            false,
            "The match: oddsapi: and the vendor's event id.",
            price -> text(price.polled.match())),
    SPORT(DataTypes.STRING(), false, "The sport's key, as soccer_epl.", price -> text(price.fixture.sport())),
    LEAGUE(DataTypes.STRING(), false, "The sport's title, as EPL.", price -> text(price.fixture.league())),
    COMMENCE_TIME(
            DataTypes.TIMESTAMP_LTZ(3),
            false,
            "When the match starts; it moves.",
            price -> time(price.fixture.start())),
    HOME_TEAM(DataTypes.STRING(), false, "The home team's name.", price -> text(price.fixture.home())),
    AWAY_TEAM(DataTypes.STRING(), false, "The away team's name.", price -> text(price.fixture.away())),
    BOOKMAKER(DataTypes.STRING(), false, "The bookmaker's key, as pinnacle.", price -> text(price.quote.bookmaker())),
    MARKET(DataTypes.STRING(), false, "h2h, spreads or totals.", price -> text(price.quote.market())),
    OUTCOME(DataTypes.STRING(), false, "home, draw, away, over or under.", price -> text(price.outcome())),
    PRICE(DataTypes.DECIMAL(10, 3), false, "The decimal price.", price -> milli(price.milli())),
    POINT(DataTypes.DECIMAL(10, 3), false, "The outcome's line; null in h2h.", price -> milli(price.point())),
    LAST_UPDATE(
            DataTypes.TIMESTAMP_LTZ(3),
            false,
            "When the bookmaker last confirmed it, by the vendor.",
            price -> time(price.quote.at())),
    POLL_TIME(
            DataTypes.TIMESTAMP_LTZ(3),
            true,
            "When the answer was read; the same in all rows of a poll.",
            price -> time(price.polled.seen())),
    NEXT_MS(DataTypes.BIGINT(), true, "The match is polled again within so many ms.", price -> price.polled.nextMs());

    private final DataType type;
    private final boolean metadata;
    private final String help;
    private final Function<Price, @Nullable Object> value;

    OddsColumn(DataType type, boolean metadata, String help, Function<Price, @Nullable Object> value) {
        this.type = type;
        this.metadata = metadata;
        this.help = help;
        this.value = value;
    }

    /** One outcome's price in a poll. */
    record Price(Polled polled, Fixture fixture, Quote quote, int place) {

        String outcome() {
            return quote.prices().outcome(place);
        }

        int milli() {
            return quote.prices().price(place);
        }

        /** A quote's line is the home side's. */
        @Nullable
        Integer point() {
            Integer line = quote.line();
            if (line != null && quote.market().equals("spreads") && outcome().equals("away")) {
                return -line;
            }
            return line;
        }
    }

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    DataType type() {
        return type;
    }

    /** Offered with {@code METADATA}, else as a column by this name. */
    boolean isMetadata() {
        return metadata;
    }

    String help() {
        return help;
    }

    /** In Flink's own form. */
    @Nullable
    Object of(Price price) {
        return value.apply(price);
    }

    static Optional<OddsColumn> named(String column) {
        return Arrays.stream(values())
                .filter(each -> each.column().equals(column))
                .findFirst();
    }

    private static @Nullable StringData text(@Nullable String text) {
        return StringData.fromString(text);
    }

    private static @Nullable TimestampData time(@Nullable Long ms) {
        return ms == null ? null : TimestampData.fromEpochMillis(ms);
    }

    private static @Nullable DecimalData milli(@Nullable Integer milli) {
        return milli == null ? null : DecimalData.fromUnscaledLong(milli, 10, 3);
    }
}
