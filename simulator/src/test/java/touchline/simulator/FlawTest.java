package touchline.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import touchline.simulator.Simulation.Verdict;

/** What the simulator is worth: whatever is broken on purpose is found. */
class FlawTest {

    private static final int WITHIN_SEEDS = 2_000;

    @ParameterizedTest
    @EnumSource
    void everyFlawIsCaught(Flaw flaw, TestReporter reporter) {
        int seeds = 1;
        Verdict verdict = Simulation.run(seeds, flaw, false);
        while (verdict.isKept() && seeds < WITHIN_SEEDS) {
            verdict = Simulation.run(++seeds, flaw, false);
        }
        assertThat(verdict.isKept())
                .as(flaw + " is not caught by " + seeds + " seeds")
                .isFalse();
        reporter.publishEntry(flaw.name(), "caught by " + verdict.broken() + " within " + seeds + " seeds");
    }
}
