package touchline.book;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import touchline.price.Prices;

/** The contract of the topic, byte for byte: equal keys must be equal bytes. */
class QuotationJsonTest {

    @Test
    void aQuotationIsAKeyAndAValueWithShortestDecimals() {
        Quotation quotation = new Quotation(
                "oddsapi:1",
                "totals",
                "oddsapi/odds",
                "fanduel",
                2_250,
                Prices.of(Map.of("under", 2_000, "over", 1_850)),
                1_782_000_000_001L,
                5,
                1_782_000_000_500L);
        assertThat(text(QuotationJson.key(quotation)))
                .isEqualTo("{\"match\":\"oddsapi:1\",\"market\":\"totals\",\"source\":\"oddsapi/odds\","
                        + "\"bookmaker\":\"fanduel\"}");
        assertThat(text(Objects.requireNonNull(QuotationJson.value(quotation))))
                .isEqualTo("{\"match\":\"oddsapi:1\",\"market\":\"totals\",\"source\":\"oddsapi/odds\","
                        + "\"bookmaker\":\"fanduel\",\"line\":2.25,\"prices\":{\"over\":1.85,\"under\":2},"
                        + "\"at\":1782000000001,\"log\":1782000000500}");
    }

    @Test
    void aMarketWithoutLinesHasNoLine() {
        Quotation quotation = new Quotation(
                "m:1", "h2h", "s/odds@m:2", "b", null, Prices.of(Map.of("home", 1_900, "away", 1_901)), 1, 0, 2);
        assertThat(text(Objects.requireNonNull(QuotationJson.value(quotation))))
                .isEqualTo("{\"match\":\"m:1\",\"market\":\"h2h\",\"source\":\"s/odds@m:2\",\"bookmaker\":\"b\","
                        + "\"prices\":{\"away\":1.901,\"home\":1.9},\"at\":1,\"log\":2}");
    }

    @Test
    void oneThatIsWithdrawnHasNoValueAndIsFoundByItsKey() {
        Quotation withdrawn = Quotation.withdrawn("m:1", "totals:3.5", "s/odds", "b", 7);
        assertThat(QuotationJson.value(withdrawn)).isNull();
        assertThat(QuotationJson.withdrawn(QuotationJson.key(withdrawn), 7)).isEqualTo(withdrawn);
    }

    @Test
    void whatIsNoKeyIsRefused() {
        for (String key : new String[] {"", "x", "[]", "{\"match\":\"m:1\"}", "{\"match\":1}", "{"}) {
            assertThatThrownBy(() -> QuotationJson.withdrawn(key.getBytes(UTF_8), 0))
                    .as(key)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a quotation's key");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
