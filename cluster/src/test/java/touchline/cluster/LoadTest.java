package touchline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {

    private static final String POLL = "{\"polled_at\":\"2026-01-01T00:%02d:00Z\",\"body\":[{\"id\":\"%s\","
            + "\"sport_key\":\"soccer_x\",\"sport_title\":\"X\",\"commence_time\":\"2026-01-01T01:00:00Z\","
            + "\"home_team\":\"A\",\"away_team\":\"B\",\"bookmakers\":[]}]}\n";

    @TempDir
    private Path directory;

    @Test
    void simulatedMatchesAreAskedForByTheirSports() {
        assertThat(Load.simulated(3, 10).settings())
                .containsEntry("oddsapi.livePollMs", "500")
                .doesNotContainKey("market.goalHoldMs")
                .extractingByKey("oddsapi.sports")
                .asString()
                .contains("soccer");
    }

    @Test
    void recordedDaysShrinkTheRulesAsTheirTimeIsShrunk() throws IOException {
        String id = "0123456789abcdef0123456789abcdef";
        Files.writeString(
                directory.resolve("odds-api-x.jsonl"), String.format(POLL, 0, id) + String.format(POLL, 15, id));
        Files.writeString(directory.resolve("README.md"), "of no concern");
        Load load = Load.recorded(directory);
        assertThat(load.isRecorded()).isTrue();
        assertThat(load.settings())
                .containsEntry("oddsapi.sports", "soccer_x")
                .containsEntry("market.goalHoldMs", "50");
    }

    @Test
    void aDirectoryWithoutRecordingsIsRefused() {
        assertThatThrownBy(() -> Load.recorded(directory)).hasMessageContaining("no odds-api-*.jsonl");
    }
}
