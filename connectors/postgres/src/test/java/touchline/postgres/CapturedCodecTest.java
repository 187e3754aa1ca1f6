package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.feed.Clock;
import touchline.feed.Fixture;
import touchline.feed.Incident;
import touchline.feed.ManualDocument;
import touchline.feed.Period;
import touchline.feed.Phase;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.Score;
import touchline.feed.Seq;
import touchline.price.Prices;

class CapturedCodecTest {

    static Stream<Captured> everyKind() {
        ManualDocument full = new ManualDocument(
                new Fixture("soccer", "EPL", "Réds", "Blues", 1_782_068_400_000L),
                Phase.LIVE,
                Period.FIRST_HALF,
                new Score(1, 0, false, 5),
                new Clock(7, 61, true),
                List.of(new ManualDocument.Market("totals", 2500, 8, Prices.of(java.util.Map.of("over", 1850)))),
                List.of(new Incident("i1", Incident.Type.GOAL, Incident.Side.HOME, Incident.State.OPEN, 9)),
                List.of("*", "h2h"),
                false);
        ManualDocument deleted =
                new ManualDocument(null, null, null, null, null, List.of(), List.of(), List.of(), true);
        String large = "é".repeat(100_000);
        return Stream.of(
                new Captured.Document("manual:1", 3, 12, 1_782_068_400_123L, full, true),
                new Captured.Document("oddsapi:a", 1, 1, 0, deleted, false),
                new Captured.LinkRow("oddsapi:a", "manual:1", "manual:2", 3, 4, 5, true),
                new Captured.LinkRow("oddsapi:a", null, null, 3, 4, 5, false),
                new Captured.Beat(1_782_068_400_123L, true),
                new Captured.Unusable(
                        new Refused(Refusal.WRONG_TYPE, "", Captured.DOCUMENTS, "why", large), null, true),
                new Captured.Unusable(
                        new Refused(Refusal.TOO_LARGE, "m:1", Captured.DOCUMENTS, "why", ""), new Seq(1, 2), true));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void whatWasWrittenIsRead(Captured captured) {
        assertThat(CapturedCodec.read(CapturedCodec.write(captured))).isEqualTo(captured);
    }

    @Test
    void bytesOfAnotherVersionAreNotGuessedAt() {
        assertThatThrownBy(() -> CapturedCodec.read(new byte[] {99}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("99");
    }
}
