package touchline.sandbox;

import java.util.SplittableRandom;

/** Chance that depends on nothing but what it is asked about, so that a simulation can be looked at at any time. */
final class Noise {

    private Noise() {}

    /** A number that any change of any part changes altogether. */
    static long mix(long... parts) {
        long mixed = 0x9e3779b97f4a7c15L;
        for (long part : parts) {
            mixed ^= part + 0x9e3779b97f4a7c15L + (mixed << 6) + (mixed >>> 2);
            mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
            mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
            mixed ^= mixed >>> 31;
        }
        return mixed;
    }

    /** From 0 to below 1. */
    static double uniform(long... parts) {
        return (mix(parts) >>> 11) * 0x1.0p-53;
    }

    /** From {@code low} to below {@code high}. */
    static double between(double low, double high, long... parts) {
        return low + (high - low) * uniform(parts);
    }

    static SplittableRandom random(long... parts) {
        return new SplittableRandom(mix(parts));
    }

    /** How often something happens whose mean is known (Knuth's method; for small means). */
    static int poisson(SplittableRandom random, double mean) {
        double limit = StrictMath.exp(-mean);
        int count = -1;
        for (double product = 1; product > limit; product *= random.nextDouble()) {
            count++;
        }
        return Math.max(0, count);
    }
}
