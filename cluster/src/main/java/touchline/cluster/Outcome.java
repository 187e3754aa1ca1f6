package touchline.cluster;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What came of a fault's runs, or why there were none. */
final class Outcome {

    private final List<Long> redis = new ArrayList<>();
    private final List<Long> client = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private String obstacle = "";
    private int runs;
    private int kept;
    private double load;

    void add(long redisMs, long clientMs, List<String> broken) {
        runs++;
        load = Math.max(load, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        if (broken.isEmpty()) {
            kept++;
        }
        this.broken.addAll(broken);
        if (redisMs >= 0) {
            redis.add(redisMs);
        }
        if (clientMs >= 0) {
            client.add(clientMs);
        }
    }

    void skipped(String why) {
        obstacle = why;
    }

    boolean broken() {
        return kept < runs;
    }

    int runs() {
        return runs;
    }

    String verdict() {
        if (runs == 0) {
            return "skipped: " + obstacle;
        }
        return broken()
                ? "**broken** in " + (runs - kept) + ": "
                        + broken.get(0).lines().findFirst().orElse("").replace("|", "/")
                : "kept";
    }

    /** The machine's highest load average after a run: what else it had to do. */
    double load() {
        return load;
    }

    String redis() {
        return figures(redis);
    }

    String client() {
        return figures(client);
    }

    private static String figures(List<Long> times) {
        if (times.isEmpty()) {
            return "-";
        }
        List<Long> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return String.format(
                Locale.ROOT, "%.2f / %.2f", sorted.get(sorted.size() / 2) / 1e3, sorted.get(sorted.size() - 1) / 1e3);
    }
}
