package touchline.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Everything that the board shows, at one moment. */
record Figures(
        Duration up,
        List<Address> addresses,
        List<Source> sources,
        Scoreboard.Counts matches,
        List<Scoreboard.Line> live,
        long updates,
        double updatesPerSecond,
        Map<Stage, StageTimes.Percentiles> stages,
        SortedMap<String, Long> refused,
        List<Job> jobs,
        Readers readers) {

    /** Where something is, or how to open it. */
    record Address(String name, String where) {}

    /** A source and how it is. */
    record Source(String name, boolean well, String detail) {}

    /** A Flink job and how it is. */
    record Job(
            String name,
            String state,
            long checkpoints,
            long lastCheckpointMs,
            long failedCheckpoints,
            long restarts) {}

    /** What a reader of all streams found. */
    record Readers(
            long entries, long gaps, long repeats, long stepsBack, long checksums, long chainBreaks, long lagMs) {}
}
