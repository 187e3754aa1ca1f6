package touchline.bench.relay;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Crowds at fixed rates: how long each update takes to each client, and what the relay pays for it. */
final class Steady {

    static final int MATCHES = 60;
    static final Clock CLOCK = new Clock(System.nanoTime());

    private final Stage.Choice choice;

    Steady(Stage.Choice choice) {
        this.choice = choice;
    }

    /**
     * One run.
     *
     * @param perSecond updates delivered to all clients together
     * @param together updates written in one call
     */
    record Step(int clients, int perSecond, int windowMs, int together) {

        static Step parse(String text) {
            String[] parts = text.split(":");
            if (parts.length != 3) {
                throw new IllegalArgumentException("a step is CLIENTS:PER_SECOND:WINDOW_MS, not " + text);
            }
            return new Step(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), 1);
        }

        int calls() {
            return Math.max(1, perSecond / clients / together);
        }

        String name() {
            return String.format(
                    Locale.ROOT,
                    "%,d/s%s",
                    calls() * together * clients,
                    together > 1 ? ", " + together + " together" : windowMs > 0 ? ", " + windowMs + " ms" : "");
        }
    }

    boolean measure(String title, List<Step> steps) throws Exception {
        System.out.println();
        System.out.println(Outcome.head());
        return measure(title, steps, new ArrayList<>());
    }

    /** @param outcomes takes what was measured */
    boolean measure(String title, List<Step> steps, List<Outcome> outcomes) throws Exception {
        // A crowd cannot shrink: each of the sizes is a crowd of its own, each window too.
        for (int clients : new TreeSet<>(steps.stream().map(Step::clients).toList())) {
            for (int window : new TreeSet<>(steps.stream().map(Step::windowMs).toList())) {
                List<Step> own = steps.stream()
                        .filter(step -> step.clients() == clients && step.windowMs() == window)
                        .sorted(Comparator.comparingInt(Step::together).thenComparingInt(Step::perSecond))
                        .toList();
                if (!own.isEmpty()) {
                    run(clients, window, own, outcomes);
                }
            }
        }
        write(title, outcomes);
        return outcomes.stream()
                .allMatch(outcome ->
                        Boolean.TRUE.equals(outcome.equal()) && outcome.report().wrongs() == 0);
    }

    private void run(int clients, int window, List<Step> steps, List<Outcome> outcomes) throws Exception {
        try (Stage stage = new Stage(choice, MATCHES, 1)) {
            stage.grow(clients, window);
            for (Step step : steps) {
                Outcome outcome = stage.run(step.name(), window, step.together(), step.calls());
                System.out.println(outcome.row());
                System.out.print(outcome.doubts());
                outcomes.add(outcome);
            }
        }
    }

    private void write(String title, List<Outcome> outcomes) throws Exception {
        List<String> lines = new ArrayList<>(List.of(Outcome.csvHead()));
        Plot byLoad = new Plot(title + ": latency over load", "updates delivered per second", "ms");
        Plot byPercentile = new Plot(title + ": latency by percentile", "percentile", "ms");
        for (Outcome outcome : outcomes) {
            lines.add("\"" + outcome.name() + "\""
                    + outcome.csv().substring(outcome.name().length()));
            String run = outcome.clients() + "-" + outcome.name().replaceAll("\\W+", "");
            Path file = choice.directory().resolve(title + "-" + run + ".hgrm");
            try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, "UTF-8")) {
                outcome.report().histogram("passed").outputPercentileDistribution(out, 1000.0);
            }
            String crowd = String.format(
                    Locale.ROOT,
                    "%,d clients%s",
                    outcome.clients(),
                    outcome.windowMs() > 0 ? ", window " + outcome.windowMs() + " ms" : "");
            double rate = (double) outcome.passed() / outcome.seconds();
            for (double percentile : new double[] {50, 99, 99.9}) {
                byLoad.point(
                        "p" + (percentile == 99.9 ? "99.9" : (int) percentile) + ", " + crowd,
                        rate,
                        outcome.millis("passed", percentile));
            }
            byPercentile.percentiles(
                    String.format(Locale.ROOT, "%,d clients, %s", outcome.clients(), outcome.name()),
                    outcome.report().histogram("passed"));
        }
        Files.write(choice.directory().resolve(title + ".csv"), lines);
        byLoad.write(choice.directory().resolve(title + "-load.svg"));
        byPercentile.write(choice.directory().resolve(title + "-percentiles.svg"));
    }
}
