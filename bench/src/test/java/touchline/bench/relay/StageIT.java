package touchline.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A small crowd before a real relay: what the bench says of it must be whole, however long it takes here. */
@Timeout(120)
class StageIT {

    @TempDir
    Path directory;

    @Test
    void countsEveryUpdateOfEveryClientAndFindsAllEqualAtTheEnd() throws Exception {
        try (Stage stage = new Stage(choice(), 10, 1)) {
            stage.grow(50, 0);
            Outcome outcome = stage.run("small", 0, 5, 20);

            assertThat(outcome.sent()).isEqualTo(5 * 20 * 2);
            assertThat(outcome.passed()).isEqualTo(50 * outcome.sent());
            assertThat(outcome.report().wrongsInWords()).isEqualTo("gaps 0, steps back 0, wrong sums 0, unreadable 0");
            assertThat(outcome.equal()).isTrue();
            assertThat(outcome.spent().relay).isPositive();
        }
    }

    @Test
    void bringsEveryClientBackWhenTheRelayWasKilledAndStartedAgain() throws Exception {
        try (Stage stage = new Stage(choice(), 10, 1)) {
            stage.grow(50, 0);
            stage.fleet.record(0, Long.MAX_VALUE, 1000);
            stage.fleet.died(stage.clock.micros());
            stage.relay().kill();
            stage.source.prices(0, 10, stage.clock.micros());
            stage.relay().startAgain();
            stage.relay().awaitReady();
            stage.fleet.awaitReady(50, Duration.ofMinutes(1));
            stage.source.prices(0, 10, stage.clock.micros());

            assertThat(stage.awaitEqual(30)).isTrue();
            assertThat(stage.fleet.report().wrongs()).isZero();
            assertThat(stage.fleet.report().histogram("letIn").getTotalCount()).isEqualTo(50);
        }
    }

    private Stage.Choice choice() {
        return new Stage.Choice(directory, List.of("-Xmx128m"), Map.of(), 2, 1, 2, false);
    }
}
