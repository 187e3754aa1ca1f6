package touchline.bench;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * One measured line.
 *
 * @param name what was measured
 * @param count how many samples
 * @param p50 median; NaN for a rate
 * @param p90 90th percentile; NaN for a rate
 * @param p99 99th percentile; NaN for a rate
 * @param max the worst; NaN for a rate
 * @param rate per second; NaN for a latency
 */
record Figure(String name, long count, double p50, double p90, double p99, double max, double rate) {

    /** Latencies recorded in microseconds, shown in milliseconds. */
    static Figure latency(String name, Histogram micros) {
        return new Figure(
                name,
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(90) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                micros.getMaxValue() / 1000.0,
                Double.NaN);
    }

    static Figure rate(String name, long count, double seconds) {
        return new Figure(name, count, Double.NaN, Double.NaN, Double.NaN, Double.NaN, count / seconds);
    }

    String row() {
        return Double.isNaN(rate)
                ? String.format(
                        Locale.ROOT,
                        "| %-58s | %,10d | %7.2f | %7.2f | %7.2f | %8.2f | %11s |",
                        name,
                        count,
                        p50,
                        p90,
                        p99,
                        max,
                        "")
                : String.format(
                        Locale.ROOT,
                        "| %-58s | %,10d | %7s | %7s | %7s | %8s | %,11.0f |",
                        name,
                        count,
                        "",
                        "",
                        "",
                        "",
                        rate);
    }

    static String head() {
        return String.format(
                        "| %-58s | %10s | %7s | %7s | %7s | %8s | %11s |",
                        "figure", "count", "p50 ms", "p90 ms", "p99 ms", "max ms", "per second")
                + "\n|" + "-".repeat(60) + "|" + "-".repeat(11) + ":|" + "-".repeat(8) + ":|" + "-".repeat(8) + ":|"
                + "-".repeat(8) + ":|"
                + "-".repeat(9) + ":|" + "-".repeat(12) + ":|";
    }

    String json() {
        return Double.isNaN(rate)
                ? String.format(
                        Locale.ROOT,
                        "{\"name\":\"%s\",\"count\":%d,\"p50Ms\":%.3f,\"p90Ms\":%.3f,\"p99Ms\":%.3f,\"maxMs\":%.3f}",
                        name,
                        count,
                        p50,
                        p90,
                        p99,
                        max)
                : String.format(Locale.ROOT, "{\"name\":\"%s\",\"count\":%d,\"perSecond\":%.0f}", name, count, rate);
    }
}
