package touchline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole way to a page, for a moment; skipped where there is no Chromium. */
class BrowserLatencyIT {

    @Test
    void everyCommitIsHeldAndShownByThePage() throws Exception {
        assumeThatCode(Chromium::program).doesNotThrowAnyException();
        List<Figure> figures = BrowserLatency.measure(Map.of(), 20, 1, 2);
        assertThat(figures)
                .filteredOn(figure -> figure.name().contains("store at"))
                .singleElement()
                .satisfies(figure -> {
                    assertThat(figure.count()).isEqualTo(40);
                    assertThat(figure.p50()).isPositive();
                });
        assertThat(figures)
                .filteredOn(figure ->
                        !figure.name().startsWith(" ") && figure.name().contains("-> DOM"))
                .as("suspensions, and all else")
                .hasSize(2)
                .allMatch(figure -> figure.count() > 0 && figure.p50() > 0)
                .extracting(Figure::count)
                .satisfies(counts -> assertThat(counts.get(0) + counts.get(1)).isEqualTo(40));
    }
}
