package touchline.simulator;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import touchline.simulator.Simulation.Verdict;

/** Runs seeds, and stops at the first that breaks a promise: {@code ./touchline simulate}. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description =
                "Runs the whole chain under random faults, one run a seed, and checks every promise at every step.",
        exitCodeOnInvalidInput = 2)
public final class Simulate implements Callable<Integer> {

    private static final int TOLD_EVERY_MS = 5_000;

    @Option(names = "--seeds", defaultValue = "10000", description = "how many seeds (${DEFAULT-VALUE})")
    private long seeds;

    @Option(names = "--from", defaultValue = "1", description = "the first of them (${DEFAULT-VALUE})")
    private long from;

    @Option(names = "--seed", description = "only this one")
    private @Nullable Long seed;

    @Option(names = "--trace", description = "the last events that are about what was broken")
    private boolean trace;

    @Option(names = "--flaw", description = "with something broken on purpose: ${COMPLETION-CANDIDATES}")
    private @Nullable Flaw flaw;

    @Spec
    private @Nullable CommandSpec spec;

    /** @param args as {@code ./touchline simulate} was given them */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Simulate()).execute(args));
    }

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        long first = seed == null ? from : seed;
        long count = seed == null ? seeds : 1;
        long began = System.nanoTime();
        long told = began;
        for (long i = 0; i < count; i++) {
            Verdict verdict = Simulation.run(first + i, flaw, trace);
            if (!verdict.isKept()) {
                out.print(Report.of(verdict));
                out.flush();
                return 1;
            }
            long now = System.nanoTime();
            if ((now - told) / 1_000_000 > TOLD_EVERY_MS) {
                told = now;
                out.printf("%,d of %,d seeds, %.0f a second%n", i + 1, count, perSecond(i + 1, now - began));
                out.flush();
            }
        }
        out.printf(
                "all promises held for %,d seeds from %d on, %.0f a second%n",
                count, first, perSecond(count, System.nanoTime() - began));
        out.flush();
        return 0;
    }

    private static double perSecond(long seeds, long nanos) {
        return seeds * 1e9 / nanos;
    }
}
