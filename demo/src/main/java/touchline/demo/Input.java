package touchline.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import touchline.sandbox.OddsFeed;
import touchline.sandbox.Pace;
import touchline.sandbox.Recording;
import touchline.sandbox.Simulation;
import touchline.sandbox.SimulationPlan;

/**
 * What the stand-in odds API tells: simulated matches, or recorded polls.
 *
 * @param speed how much faster than life
 * @param title for the board
 */
record Input(OddsFeed feed, double speed, String title) {

    private static final LongSupplier CLOCK = System::currentTimeMillis;
    private static final double RECORDED_SPEED = 600;

    /** Life is slow: a goal in half an hour. */
    private static final double SIMULATED_SPEED = 10;

    /** A simulated provider is asked oftener than a real one lets itself be asked. */
    private static final long SIMULATED_POLL_MS = 500;

    /** @param speed 0 for the usual one of that kind */
    static Input of(@Nullable Path recording, double speed, long seed, int matches) {
        if (recording == null) {
            double factor = speed == 0 ? SIMULATED_SPEED : speed;
            Simulation simulation =
                    new Simulation(new SimulationPlan(seed, factor, matches, SimulationPlan.DEFAULT.defects()), CLOCK);
            return new Input(simulation, factor, matches + " simulated grounds, seed " + seed + speed(factor));
        }
        if (!Files.isReadable(recording)) {
            throw new IllegalArgumentException("--recording " + recording + ": no such file, or not readable");
        }
        double factor = speed == 0 ? RECORDED_SPEED : speed;
        return new Input(
                Recording.read(recording).play(CLOCK, factor), factor, recording.getFileName() + speed(factor));
    }

    List<String> sports() {
        return feed.sports().stream().map(OddsFeed.Sport::key).toList();
    }

    Pace pace() {
        boolean simulated = feed instanceof Simulation;
        long poll = simulated ? Math.min(SIMULATED_POLL_MS, feed.pollEveryMs()) : feed.pollEveryMs();
        return new Pace(speed, Math.max(100, poll));
    }

    private static String speed(double factor) {
        return factor == 1 ? "" : String.format(Locale.ROOT, ", %s times as fast as life", text(factor));
    }

    private static String text(double factor) {
        return factor == Math.rint(factor) ? Long.toString((long) factor) : Double.toString(factor);
    }
}
