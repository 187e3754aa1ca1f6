package touchline.jobs;

import touchline.config.Setting;

/** How the jobs run. */
public record JobConfig(
        @Setting(value = "2", help = "Parallel instances of each stage; at most kafka.feedPartitions and redis.shards.")
        int parallelism,

        @Setting(value = "128", help = "The most instances that state can ever be spread over; fixed for a lineage.")
        int maxParallelism,

        @Setting(value = "1000", help = "A checkpoint starts this long after the one before.")
        long checkpointMs,

        @Setting(value = "", help = "Directory of checkpoints (a URI that every node reaches); empty: the cluster's.")
        String checkpointDir,

        @Setting(value = "100", help = "First delay before a failed job restarts; it doubles up to restartMaxMs.")
        long restartMs,

        @Setting(value = "10000", help = "Longest delay between two restarts.")
        long restartMaxMs,

        @Setting(value = "0", help = "Records wait this long for company on their way between stages; 0 sends at once.")
        long bufferMs,

        @Setting(value = "100", help = "Log time is announced downstream this often.")
        long watermarkMs,

        @Setting(
                value = "64",
                help = "Each instance of the market stage keeps so many megabytes of books at hand that it spoke of.")
        long bookCacheMb,

        @Setting(value = "10000", help = "Ingest speaks of a match that is merely unchanged this often.")
        long seenEveryMs,

        @Setting(value = "60000", help = "For this long after prices went or a score changed, every poll is told.")
        long doubtMs,

        @Setting(
                value = "300000",
                help =
                        "Ingest tells all that it holds of a match this often, or four times within the log's retention.")
        long wholeEveryMs,

        @Setting(value = "86400000", help = "Ingest forgets a match of which it has heard nothing for this long.")
        long forgetMs,

        @Setting(value = "true", help = "IngestJob reads the odds API.")
        boolean oddsapi,

        @Setting(value = "true", help = "IngestJob reads the operators' database.")
        boolean postgres) {

    public JobConfig {
        atLeast("parallelism", parallelism, 1);
        atLeast("maxParallelism", maxParallelism, parallelism);
        atLeast("checkpointMs", checkpointMs, 10);
        atLeast("restartMs", restartMs, 1);
        atLeast("restartMaxMs", restartMaxMs, restartMs);
        atLeast("bufferMs", bufferMs, 0);
        atLeast("watermarkMs", watermarkMs, 1);
        atLeast("bookCacheMb", bookCacheMb, 0);
        atLeast("seenEveryMs", seenEveryMs, 1);
        atLeast("doubtMs", doubtMs, 0);
        atLeast("wholeEveryMs", wholeEveryMs, 1);
        atLeast("forgetMs", forgetMs, 1);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + "=" + value + " must be at least " + least);
        }
    }
}
