package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import touchline.sandbox.OddsFeed;
import touchline.sandbox.Pace;
import touchline.sandbox.Recording;
import touchline.sandbox.Simulation;
import touchline.sandbox.SimulationPlan;

/**
 * What the stand-in odds API says: simulated matches, or real days as they were recorded, over and over.
 *
 * @param matches simulated grounds; of no meaning beside recordings
 * @param speed how much faster than life
 * @param recordings a directory with {@code odds-api-*.jsonl} files, plain or gzipped; empty for simulated matches
 */
record Load(int matches, double speed, String recordings) {

    private static final double RECORDED_SPEED = 300;
    private static final long POLL_MS = 500;

    static Load simulated(int matches, double speed) {
        return new Load(matches, speed, "");
    }

    /** @throws IllegalArgumentException when there are none */
    static Load recorded(Path directory) {
        Load load = new Load(0, RECORDED_SPEED, directory.toAbsolutePath().toString());
        if (load.files().length == 0) {
            throw new IllegalArgumentException("--recordings " + directory + ": no odds-api-*.jsonl[.gz] is there");
        }
        return load;
    }

    boolean isRecorded() {
        return !recordings.isEmpty();
    }

    /** In words, for people. */
    String title() {
        return isRecorded() ? "recorded days, " + Math.round(speed) + " times as fast" : matches + " simulated matches";
    }

    OddsFeed feed(LongSupplier clock) {
        if (isRecorded()) {
            return Recording.read(files()).loop(clock, speed);
        }
        return new Simulation(new SimulationPlan(1, speed, matches, SimulationPlan.DEFAULT.defects()), clock);
    }

    private Path[] files() {
        try (Stream<Path> all = Files.list(Path.of(recordings))) {
            return all.filter(file -> file.getFileName().toString().matches("odds-api-.*\\.jsonl(\\.gz)?"))
                    .sorted()
                    .toArray(Path[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException("--recordings " + recordings + " cannot be read", e);
        }
    }

    /** What the jobs must be told of it. */
    Map<String, String> settings() {
        List<String> sports = feed(System::currentTimeMillis).sports().stream()
                .map(OddsFeed.Sport::key)
                .toList();
        Map<String, String> settings = new TreeMap<>();
        settings.put("oddsapi.sports", String.join(",", sports));
        settings.put("oddsapi.livePollMs", Long.toString(POLL_MS));
        settings.put("oddsapi.upcomingPollMs", Long.toString(2 * POLL_MS));
        settings.put("oddsapi.scoresPollMs", Long.toString(POLL_MS));
        settings.put("job.seenEveryMs", "2000");
        if (isRecorded()) {
            settings.put("oddsapi.regions", "us");
            settings.putAll(new Pace(speed, POLL_MS).settings());
        }
        return settings;
    }
}
