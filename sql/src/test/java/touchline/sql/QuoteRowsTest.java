package touchline.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuoteRowsTest {

    private static final String KEY =
            "{\"match\":\"m:1\",\"market\":\"totals\",\"source\":\"oddsapi/odds\",\"bookmaker\":\"b\"}";

    private final MapHeld held = new MapHeld();
    private final Changelog log = Changelog.of(QuoteRows.columns());
    private final QuoteRows rows = new QuoteRows(Changelog.declared(QuoteRows.columns()));

    @Test
    void aQuoteChangesAndGoes() {
        tell(5, "{\"over\":1.9,\"under\":1.95}");
        tell(6, "{\"over\":1.85,\"under\":2}");
        rows.follow(new Entry(KEY, 9, 9, new byte[0]), held, log);

        assertThat(log.changes).hasSize(6);
        assertThat(log.changes.get(0))
                .startsWith("+I(m:1, totals, oddsapi/odds, b, 2.500,")
                .endsWith("00:00:00.005)");
        assertThat(log.changes.get(5)).startsWith("-D(m:1, totals").endsWith("00:00:00.009)");
        assertThat(log.standing()).isEmpty();
    }

    @Test
    void anEarlierOneThatIsToldAgainChangesNothing() {
        tell(5, "{\"over\":1.9}");
        tell(6, "{\"over\":1.85}");
        int told = log.changes.size();
        tell(5, "{\"over\":1.9}");
        assertThat(log.changes).hasSize(told);
    }

    @Test
    void whatWasNeverThereIsNotTakenBack() {
        rows.follow(new Entry(KEY, 9, 9, new byte[0]), held, log);
        assertThat(log.changes).isEmpty();
    }

    @Test
    void whatIsNoQuoteIsPassedOver() {
        rows.follow(new Entry(KEY, 9, 9, "no json".getBytes(UTF_8)), held, log);
        assertThat(log.changes).isEmpty();
    }

    private void tell(long at, String prices) {
        String value = KEY.substring(0, KEY.length() - 1) + ",\"line\":2.5,\"prices\":" + prices + ",\"at\":" + at
                + ",\"log\":" + at + "}";
        rows.follow(new Entry(KEY, at, at, value.getBytes(UTF_8)), held, log);
    }
}
