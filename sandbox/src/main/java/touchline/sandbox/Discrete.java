package touchline.sandbox;

/** Probabilities of the whole numbers from {@code from} on: a final margin, or a total. */
final class Discrete {

    private final int from;
    private final double[] mass;

    Discrete(int from, double[] mass) {
        this.from = from;
        this.mass = mass;
    }

    /** A normal distribution, rounded to whole numbers and cut at five deviations. */
    static Discrete normal(double mean, double deviation) {
        double spread = Math.max(deviation, 0.3);
        int from = (int) StrictMath.floor(mean - 5 * spread);
        double[] mass = new double[(int) StrictMath.ceil(10 * spread) + 2];
        for (int i = 0; i < mass.length; i++) {
            mass[i] = below((from + i + 0.5 - mean) / spread) - below((from + i - 0.5 - mean) / spread);
        }
        return new Discrete(from, mass);
    }

    double above(double line) {
        double sum = 0;
        for (int i = 0; i < mass.length; i++) {
            sum += from + i > line ? mass[i] : 0;
        }
        return sum;
    }

    double under(double line) {
        double sum = 0;
        for (int i = 0; i < mass.length; i++) {
            sum += from + i < line ? mass[i] : 0;
        }
        return sum;
    }

    double at(int value) {
        int i = value - from;
        return i < 0 || i >= mass.length ? 0 : mass[i];
    }

    double mean() {
        double sum = 0;
        for (int i = 0; i < mass.length; i++) {
            sum += mass[i] * (from + i);
        }
        return sum;
    }

    /** The fair chance of "above" where a whole line gives stakes back and a quarter line splits them. */
    double fair(double line) {
        boolean quarter = line * 2 != StrictMath.rint(line * 2);
        double win = quarter ? (above(line - 0.25) + above(line + 0.25)) / 2 : above(line);
        double lose = quarter ? (under(line - 0.25) + under(line + 0.25)) / 2 : under(line);
        return win + lose <= 0 ? 0.5 : win / (win + lose);
    }

    /** The line, in steps, at which both sides are the most equal. */
    double evenLine(double step) {
        double middle = StrictMath.rint(mean() / step) * step;
        double best = middle;
        for (int i = -6; i <= 6; i++) {
            double line = middle + i * step;
            if (Math.abs(fair(line) - 0.5) < Math.abs(fair(best) - 0.5) - 1e-9) {
                best = line;
            }
        }
        return best;
    }

    /** The standard normal distribution (Abramowitz and Stegun 26.2.17; error below 1e-7). */
    private static double below(double x) {
        double k = 1 / (1 + 0.2316419 * Math.abs(x));
        double tail = 0.3989422804014327
                * StrictMath.exp(-x * x / 2)
                * k
                * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
        return x >= 0 ? 1 - tail : tail;
    }
}
