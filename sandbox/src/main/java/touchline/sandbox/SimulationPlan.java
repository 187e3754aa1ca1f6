package touchline.sandbox;

/**
 * What to simulate.
 *
 * @param seed the same seed, started at the same time and looked at at the same times, says the same
 * @param speed how much faster than life everything runs; 1 is real
 * @param matches grounds, on each of which one match follows another: most of them in play at any time
 * @param defects how likely an event is broken in some way during any ten seconds; 0 for never
 */
public record SimulationPlan(long seed, double speed, int matches, double defects) {

    public static final SimulationPlan DEFAULT = new SimulationPlan(1, 1, 24, 0.003);

    public SimulationPlan {
        if (!(speed > 0 && speed <= 1_000) || matches < 1 || matches > 5_000 || !(defects >= 0 && defects <= 1)) {
            throw new IllegalArgumentException("speed=" + speed + " (up to 1000), matches=" + matches
                    + " (1..5000), defects=" + defects + " (0..1)");
        }
    }
}
