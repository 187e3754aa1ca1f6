package touchline.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import touchline.simulator.Simulation.Verdict;

/** The law of laws: whatever goes wrong, every promise holds. A run is a seed. */
class SimulationTest {

    private static final long SEEDS = Long.getLong("touchline.seeds", 10_000);

    @Test
    void everyPromiseHoldsWhateverGoesWrong() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Verdict verdict = Simulation.run(seed, null, false);
            if (!verdict.isKept()) {
                fail(Report.of(verdict));
            }
        }
    }

    @Test
    void theSameSeedIsTheSameRun() {
        LongStream.of(3, 5, 8).forEach(seed -> {
            Verdict one = Simulation.run(seed, null, true);
            assertThat(Simulation.run(seed, null, true)).isEqualTo(one);
        });
    }
}
