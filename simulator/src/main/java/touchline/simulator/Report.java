package touchline.simulator;

import java.util.Objects;
import touchline.simulator.Simulation.Verdict;

/** What is told of a run in which a promise did not hold. */
final class Report {

    private Report() {}

    static String of(Verdict verdict) {
        Promise promise = Objects.requireNonNull(verdict.broken());
        StringBuilder text = new StringBuilder();
        verdict.trace().forEach(line -> text.append(line).append('\n'));
        text.append("seed ")
                .append(verdict.seed())
                .append(" breaks ")
                .append(promise)
                .append(" (")
                .append(promise.words());
        text.append(")\n  after ")
                .append(verdict.elapsedMs())
                .append(" ms, step ")
                .append(verdict.steps());
        text.append(verdict.match().isEmpty() ? "" : ", match " + verdict.match());
        text.append("\n  ").append(verdict.detail()).append('\n');
        if (verdict.trace().isEmpty()) {
            text.append("  replay: ").append(replay(verdict)).append('\n');
        }
        return text.toString();
    }

    /** The command that shows how it came to that. */
    static String replay(Verdict verdict) {
        Flaw flaw = verdict.flaw();
        return "./touchline simulate --seed " + verdict.seed() + (flaw == null ? "" : " --flaw " + flaw) + " --trace";
    }
}
