package touchline.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import touchline.simulator.Simulation.Verdict;

/** What the simulator is worth: whatever is broken on purpose is found. */
class FlawTest {

    private static final int WITHIN_SEEDS = 2_000;

    @ParameterizedTest
    @EnumSource
    void everyFlawIsCaught(Flaw flaw) {
        Verdict verdict = null;
        int seeds = 0;
        while (seeds < WITHIN_SEEDS && (verdict == null || verdict.isKept())) {
            verdict = Simulation.run(++seeds, flaw, false);
        }
        assertThat(verdict.isKept())
                .as(flaw + " is not caught by " + seeds + " seeds")
                .isFalse();
        System.out.printf("%s: %d seeds, %s%n", flaw, seeds, verdict.broken());
    }
}
