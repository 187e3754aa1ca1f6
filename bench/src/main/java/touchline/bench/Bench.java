package touchline.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import touchline.bench.relay.RelayBench;

/** Measures, and prints a table: {@code ./touchline bench [feed|postgres|browser|changes|repeats|burst|matches|recording|floors]...}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = RelayBench.class,
        description = "Measures latency and throughput, each beside its floor, everything embedded in this process.")
public final class Bench implements Callable<Integer> {

    private static final List<String> ALL = List.of("floors", "feed", "postgres", "changes", "repeats");

    @Parameters(
            description =
                    "what to measure: ${DEFAULT-VALUE} of floors, feed, postgres, changes, repeats; or burst, matches, browser, recording",
            defaultValue = "all")
    private List<String> what = List.of();

    @Option(
            names = "--seconds",
            defaultValue = "30",
            description = "length of each latency measurement (${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--feed-rate",
            defaultValue = "1000",
            description = "feed records per second; ten times that in 'burst' (${DEFAULT-VALUE})")
    private int feedRate;

    @Option(names = "--commit-rate", defaultValue = "100", description = "commits per second (${DEFAULT-VALUE})")
    private int commitRate;

    @Option(
            names = "--browser-rate",
            defaultValue = "20",
            description = "commits per second while a browser looks (${DEFAULT-VALUE})")
    private int browserRate;

    @Option(
            names = "--records",
            defaultValue = "1000000",
            description = "records of each throughput measurement (${DEFAULT-VALUE})")
    private int records;

    @Option(
            names = "--matches",
            split = ",",
            defaultValue = "100,1000,10000,100000",
            description = "how many matches 'matches' measures with, one after the other (${DEFAULT-VALUE})")
    private List<Integer> matchCounts = List.of();

    @Option(
            names = "--hot-matches",
            defaultValue = "10000",
            description = "'matches' once more with so many, one of which takes nine records of ten (${DEFAULT-VALUE})")
    private int hotMatches;

    @Option(names = "--recording", description = "recorded polls (jsonl.gz) for the measurement 'recording'")
    private @Nullable Path recording;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "a setting of the jobs (and the relay) for all measurements, as job.checkpointMs=10000, or of Flink's with flink. in front; may be repeated")
    private Map<String, String> set = Map.of();

    @Option(names = "--json", description = "also write the figures to this file")
    private @Nullable Path json;

    /** @param args as {@code ./touchline bench} was given them */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new Bench());
        line.setExecutionExceptionHandler((problem, command, parsed) -> {
            if (problem instanceof IllegalArgumentException) {
                System.err.println("touchline bench: " + problem.getMessage());
                return 2;
            }
            throw problem;
        });
        System.exit(line.execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<String> chosen = new ArrayList<>(what.equals(List.of("all")) ? ALL : what);
        if (recording != null && !chosen.contains("recording")) {
            chosen.add("recording");
        }
        if (chosen.contains("browser")) {
            // Before whatever else is measured first.
            Chromium.program();
        }
        if (chosen.remove("matches")) {
            measureMatches();
            if (chosen.isEmpty()) {
                return 0;
            }
        }
        List<Figure> figures = new ArrayList<>();
        System.out.printf(
                Locale.ROOT,
                "%d cores, load %.2f before the first measurement%n%n",
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        System.out.println(Figure.head());
        for (String one : chosen) {
            List<Figure> measured = measure(one);
            measured.forEach(figure -> System.out.println(figure.row()));
            figures.addAll(measured);
        }
        if (json != null) {
            Files.writeString(json, figures.stream().map(Figure::json).collect(Collectors.joining(",\n ", "[", "]\n")));
        }
        return 0;
    }

    private void measureMatches() throws Exception {
        // What the JVM has not compiled yet would be the first line's alone.
        Matches.measure(set, matchCounts.get(0), false, records / 4);
        System.out.println(Matches.Row.head());
        for (int matches : matchCounts) {
            System.out.println(Matches.measure(set, matches, false, records / 4).line());
        }
        if (hotMatches > 0) {
            System.out.println(
                    Matches.measure(set, hotMatches, true, records / 4).line());
        }
        System.out.println();
    }

    private List<Figure> measure(String one) throws Exception {
        return switch (one) {
            case "floors" -> List.of(Throughput.bareLua(1, 200_000), Throughput.bareLua(128, 512_000));
            case "feed" -> FeedLatency.measure(set, feedRate, seconds);
            case "postgres" -> PostgresLatency.measure(set, commitRate, seconds);
            case "browser" -> BrowserLatency.measure(set, browserRate, BrowserLatency.WARM_UP_SECONDS, seconds);
            case "burst" -> Burst.measure(set, feedRate, seconds);
            case "changes" -> Throughput.measure(set, "one price changes", Throughput.changes(500, records));
            case "repeats" -> Throughput.measure(set, "nothing changes", Throughput.repeats(500, 2 * records));
            case "recording" -> {
                if (recording == null) {
                    throw new IllegalArgumentException("'recording' needs --recording FILE");
                }
                yield Throughput.measure(set, "recorded polls", new RecordedPolls(recording, records / 5));
            }
            default ->
                throw new IllegalArgumentException("unknown measurement '" + one + "': use one of " + ALL
                        + ", burst, matches, browser or recording");
        };
    }
}
