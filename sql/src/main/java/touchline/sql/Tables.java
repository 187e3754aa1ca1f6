package touchline.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;
import touchline.sql.CurrentRows.Scope;
import touchline.sql.Suspensions.Suspension;

/** Every column of the tables that are made of updates. What it means stands in {@code tables.sql}. */
final class Tables {

    static final String UPDATES = "updates";

    private static final String SUSPENSIONS = "suspensions";
    private static final List<Column<Said>> STAMPS = List.of(
            Column.<Said>text("pos", said -> said.position().toString()).asStamp(),
            Column.<Said>time("log_time", Said::logTime).asStamp());

    private static final Map<String, Scope> SCOPES = new TreeMap<>(Map.of(
            "prices", Scope.OUTCOME,
            "markets", Scope.MARKET,
            "matches", Scope.MATCH,
            "scores", Scope.SCORE,
            "incidents", Scope.INCIDENT,
            "feed_health", Scope.FEED));

    private Tables() {}

    /** @throws ValidationException when there is no such table, or it has other columns */
    static Rows rows(String table, RowType declared) {
        return table.equals(SUSPENSIONS)
                ? new Suspensions(new Shape<>(table, suspensions(), declared))
                : new CurrentRows(scope(table), new Shape<>(table, columns(scope(table)), declared));
    }

    /** @throws ValidationException when there is no such table */
    static List<? extends Column<?>> columns(String table) {
        return table.equals(SUSPENSIONS) ? suspensions() : columns(scope(table));
    }

    private static Scope scope(String table) {
        @Nullable Scope scope = SCOPES.get(table);
        if (scope == null) {
            throw new ValidationException("there is no 'table' = '" + table + "'");
        }
        return scope;
    }

    static List<Column<Sent>> updates() {
        return List.of(
                Column.text("match_id", sent -> sent.update().match()),
                Column.text("pos", sent -> sent.update().position().toString()),
                Column.number("generation", sent -> sent.update().position().generation()),
                Column.number("created", sent -> sent.update().position().created()),
                Column.number("version", sent -> sent.update().position().version()),
                Column.text("kind", sent -> sent.update().kind().json()),
                Column.of("cells", texts(), sent -> map(sent.update().set())),
                Column.of(
                        "gone",
                        new ArrayType(Column.TEXT),
                        sent -> new GenericArrayData(sent.update().del().stream()
                                .map(StringData::fromString)
                                .toArray())),
                Column.of("sums", texts(), sent -> map(sent.update().sums())),
                Column.time("source_time", sent -> sent.update().times().source()),
                Column.time("ingest_time", sent -> sent.update().times().ingest()),
                Column.time("log_time", sent -> sent.update().times().log()),
                Column.time("decided_time", sent -> sent.update().times().decided()),
                Column.time("sent_time", Sent::sentTime));
    }

    private static List<Column<Said>> columns(Scope scope) {
        return switch (scope) {
            case OUTCOME ->
                stamped(List.of(
                        Column.text("match_id", Said::match),
                        Column.text("market", Said::group),
                        Column.text("outcome", Said::field),
                        Column.decimal("price", said -> said.cell(said.field())),
                        Column.decimal("line", said -> said.cell("@line")),
                        Column.text("status", said -> said.cell("@status")),
                        Column.number("epoch", said -> said.number("@epoch"))));
            case MARKET ->
                stamped(List.of(
                        Column.text("match_id", Said::match),
                        Column.text("market", Said::group),
                        Column.text("status", said -> said.cell("@status")),
                        Column.text("reasons", said -> said.cell("@reasons")),
                        Column.decimal("line", said -> said.cell("@line")),
                        Column.number("epoch", said -> said.number("@epoch"))));
            case MATCH ->
                stamped(List.of(
                        Column.text("match_id", Said::match),
                        Column.text("sport", said -> said.cell("sport")),
                        Column.text("league", said -> said.cell("league")),
                        Column.text("home", said -> said.cell("home")),
                        Column.text("away", said -> said.cell("away")),
                        Column.time("start_time", said -> said.number("start")),
                        Column.text("phase", said -> said.cell("phase")),
                        Column.text("match_period", said -> said.cell("period")),
                        Column.text("ended", said -> said.cell("ended")),
                        Column.text("moved_to", said -> said.cell("moved_to"))));
            case SCORE ->
                stamped(List.of(
                        Column.text("match_id", Said::match),
                        Column.number("home_score", said -> said.number("home_score")),
                        Column.number("away_score", said -> said.number("away_score")),
                        Column.text("phase", said -> said.cell("phase")),
                        Column.text("match_period", said -> said.cell("period")),
                        Column.number("clock_seconds", said -> said.number("clock_seconds")),
                        Column.time("clock_time", said -> said.number("clock_at")),
                        Column.flag("clock_running", said -> flag(said.cell("clock_running")))));
            case INCIDENT ->
                stamped(List.of(
                        Column.text("match_id", Said::match),
                        Column.text("incident", Said::field),
                        Column.text("type", said -> word(said, 0)),
                        Column.text("state", said -> word(said, 1)),
                        Column.text("side", said -> word(said, 3)),
                        Column.time("stamp_time", Tables::stamp)));
            case FEED ->
                stamped(List.of(Column.text("match_id", Said::match), Column.text("feed", said -> said.cell("feed"))));
        };
    }

    private static List<Column<Suspension>> suspensions() {
        return List.of(
                Column.text("match_id", one -> one.said().match()),
                Column.text("market", one -> one.said().group()),
                Column.number("epoch", Suspension::epoch),
                Column.time("from_time", Suspension::from),
                Column.time("to_time", Suspension::until),
                Column.text("reasons", Suspension::reasons),
                Column.text("pos", one -> one.said().position().toString()),
                Column.time("log_time", one -> one.said().logTime()));
    }

    private static List<Column<Said>> stamped(List<Column<Said>> columns) {
        List<Column<Said>> all = new ArrayList<>(columns);
        all.addAll(STAMPS);
        return all;
    }

    /** A cell of an incident is its type, state, stamp and side, by spaces. */
    private static @Nullable String word(Said said, int place) {
        String cell = said.cell(said.field());
        String[] words = cell == null ? new String[0] : cell.split(" ");
        return place < words.length ? words[place] : null;
    }

    private static @Nullable Long stamp(Said said) {
        String word = word(said, 2);
        return word == null ? null : Long.valueOf(word);
    }

    private static @Nullable Boolean flag(@Nullable String cell) {
        return cell == null ? null : new BigDecimal(cell).signum() != 0;
    }

    private static MapType texts() {
        return new MapType(Column.TEXT, Column.TEXT);
    }

    private static GenericMapData map(Map<String, @Nullable String> texts) {
        Map<StringData, @Nullable StringData> map = new HashMap<>();
        texts.forEach((key, value) -> map.put(StringData.fromString(key), StringData.fromString(value)));
        return new GenericMapData(map);
    }
}
