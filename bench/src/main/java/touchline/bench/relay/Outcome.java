package touchline.bench.relay;

import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one run at a fixed rate gave.
 *
 * @param together updates written in one call
 * @param sent updates that were meant to be sent while it was measured
 * @param equal whether at the end every client held what Redis held; null when that was not waited for
 */
record Outcome(
        String name,
        int clients,
        int windowMs,
        int together,
        int seconds,
        long sent,
        Spent spent,
        Report report,
        Histogram confirmed,
        @Nullable Boolean equal) {

    static String head() {
        return String.format(
                        Locale.ROOT,
                        "| %-30s | %7s | %6s | %9s | %9s | %8s | %7s | %7s | %7s | %8s | %7s | %7s | %6s | %6s | %10s | %6s |",
                        "run",
                        "clients",
                        "window",
                        "updates/s",
                        "patches/s",
                        "frames/s",
                        "p50 ms",
                        "p99 ms",
                        "p99.9",
                        "max ms",
                        "behind",
                        "p99",
                        "relay",
                        "others",
                        "per CPU-s",
                        "equal")
                + "\n|" + "-".repeat(32) + "|"
                + "--------:|-------:|----------:|----------:|---------:|--------:|--------:|--------:|---------:|--------:|--------:|-------:|-------:|-----------:|--------|";
    }

    /** Updates that reached clients, merged ones counted, of those meant to be sent while it was measured. */
    long passed() {
        return report.histogram("passed").getTotalCount();
    }

    /** Patches delivered, each counted also when many share a frame, per second of the relay's processor time. */
    double perCpuSecond() {
        return report.histogram("delivered").getTotalCount() / spent.relay;
    }

    /** Frames, and so flushes, per second of the relay's processor time. */
    double framesPerCpuSecond() {
        return report.count("frames") / spent.relay;
    }

    double millis(String histogram, double percentile) {
        return report.histogram(histogram).getValueAtPercentile(percentile) / 1000.0;
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "| %-30s | %,7d | %6d | %,9.0f | %,9.0f | %,8.0f | %7.1f | %7.1f | %7.1f | %8.1f | %7.1f | %7.1f | %5.0f%% | %5.0f%% | %,10.0f | %6s |",
                name,
                clients,
                windowMs,
                (double) passed() / seconds,
                (double) report.histogram("delivered").getTotalCount() / seconds,
                report.count("frames") / spent.wall,
                millis("passed", 50),
                millis("passed", 99),
                millis("passed", 99.9),
                millis("passed", 100),
                millis("behind", 50),
                millis("behind", 99),
                100 * spent.relay / spent.wall,
                100 * (spent.machine - spent.relay - spent.fleet) / spent.wall,
                perCpuSecond(),
                equal == null ? "" : equal ? "yes" : "NO");
    }

    /** What should make a reader doubt the row. */
    String doubts() {
        StringBuilder doubts = new StringBuilder();
        if (report.wrongs() > 0) {
            doubts.append("  ").append(report.wrongsInWords()).append('\n');
        }
        if (!report.words("ends").equals("{}")) {
            doubts.append("  connections ended: ").append(report.words("ends")).append('\n');
        }
        if (passed() != sent * clients) {
            doubts.append(String.format(
                    Locale.ROOT, "  %,d updates reached clients of %,d sent to them%n", passed(), sent * clients));
        }
        if (report.count("late") > 0) {
            doubts.append("  said to be late: ").append(report.count("late")).append('\n');
        }
        return doubts.toString();
    }

    static String csvHead() {
        return "run,clients,windowMs,together,updatesPerSecond,patchesPerSecond,framesPerSecond,bytesPerSecond,p50Ms,p99Ms,"
                + "p999Ms,maxMs,ageP50Ms,ageP99Ms,behindP50Ms,behindP99Ms,redisP50Ms,redisP99Ms,relayCpu,fleetCpu,machineCpu,patchesPerCpuSecond,framesPerCpuSecond,equal";
    }

    String csv() {
        return String.format(
                Locale.ROOT,
                "%s,%d,%d,%d,%.0f,%.0f,%.0f,%.0f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.0f,%.0f,%s",
                name,
                clients,
                windowMs,
                together,
                (double) passed() / seconds,
                (double) report.histogram("delivered").getTotalCount() / seconds,
                report.count("frames") / spent.wall,
                report.count("bytes") / spent.wall,
                millis("passed", 50),
                millis("passed", 99),
                millis("passed", 99.9),
                millis("passed", 100),
                millis("age", 50),
                millis("age", 99),
                millis("behind", 50),
                millis("behind", 99),
                confirmed.getValueAtPercentile(50) / 1000.0,
                confirmed.getValueAtPercentile(99) / 1000.0,
                spent.relay / spent.wall,
                spent.fleet / spent.wall,
                spent.machine / spent.wall,
                perCpuSecond(),
                framesPerCpuSecond(),
                equal);
    }
}
