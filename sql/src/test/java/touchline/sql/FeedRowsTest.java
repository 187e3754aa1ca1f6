package touchline.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.feed.FeedJson;
import touchline.feed.Kind;
import touchline.feed.RefusedException;

class FeedRowsTest {

    static List<String> scenarios() {
        return Scenarios.names();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void everyRecordThatCanBeReadIsARow(String scenario) throws Exception {
        List<Kind> kinds = new ArrayList<>();
        for (Entry entry : Scenarios.records(scenario)) {
            kind(entry).filter(kind -> kind != Kind.TICK).ifPresent(kinds::add);
        }
        assertThat(rows(feed(), Scenarios.records(scenario))).hasSameSizeAs(kinds);
        List<Column<Heard>> columns = FeedTables.manualDocuments();
        FeedRows manual = new FeedRows(new Shape<>("manual_documents", columns, Changelog.declared(columns)), true);
        assertThat(rows(manual, Scenarios.records(scenario))).hasSize((int)
                kinds.stream().filter(kind -> kind == Kind.MANUAL).count());
    }

    private static Optional<Kind> kind(Entry entry) {
        try {
            return Optional.of(FeedJson.read(entry.value).kind());
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    @Test
    void aTickIsNoRow() throws Exception {
        Entry tick = new Entry("", 1_000, 1_000, "{\"kind\":\"tick\",\"body\":{}}".getBytes(UTF_8));
        assertThat(rows(feed(), List.of(tick))).isEmpty();
    }

    @Test
    void aQuoteHasItsPricesByOutcome() throws Exception {
        RowData first = rows(feed(), Scenarios.records("goal")).get(0);
        int place = FeedTables.feed().stream().map(Column::name).toList().indexOf("quotes");
        RowData quote = first.getArray(place).getRow(0, 5);
        assertThat(quote.getString(1)).hasToString("h2h");
        assertThat(quote.getMap(3).size()).isEqualTo(3);
    }

    @Test
    void whatIsNoJsonIsARejectedRowOfItsOwnPayload() throws Exception {
        RejectedRows rejected = new RejectedRows(Changelog.declared(RejectedRows.columns()));
        List<RowData> rows = rows(rejected, List.of(new Entry("", 1_000, 1_000, "?".getBytes(UTF_8))));
        assertThat(Changelog.of(RejectedRows.columns()).text(rows.get(0)))
                .isEqualTo("(null, null, null, null, ?, null, null, 1970-01-01T00:00:01)");
    }

    private static FeedRows feed() {
        return new FeedRows(new Shape<>("feed", FeedTables.feed(), Changelog.declared(FeedTables.feed())), false);
    }

    private static List<RowData> rows(FlatMapFunction<Entry, RowData> reading, List<Entry> entries) throws Exception {
        List<RowData> rows = new ArrayList<>();
        for (Entry entry : entries) {
            reading.flatMap(entry, new Collector<>() {
                @Override
                public void collect(RowData row) {
                    rows.add(row);
                }

                @Override
                public void close() {}
            });
        }
        return rows;
    }
}
