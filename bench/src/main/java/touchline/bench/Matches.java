package touchline.bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * What a record costs the market job, and what a match costs its state, at ever more matches: the price of growing. Every
 * record changes a price; they go round all matches, which is the worst for caches, or nine in ten to one of them.
 */
final class Matches {

    private static final Duration LIMIT = Duration.ofMinutes(8);

    private Matches() {}

    /**
     * One line.
     *
     * @param matches that have a book
     * @param hot whether nine records of ten are of one match
     * @param marketMicros processor time of the market operator's threads for a record, with what is chained to it
     * @param rocksMicros of RocksDB's own threads
     * @param gcMicros of the threads that collect this process's garbage, Kafka's and the load's included
     * @param allMicros of all of these, and of the job's tasks before and behind the market operator
     * @param perSecond records, from the backlog
     * @param stateBytes of the last checkpoint before the records came, whole
     * @param checkpointMs while they came: median, of those that were completed
     * @param redisBytes that a match takes in Redis
     */
    record Row(
            int matches,
            boolean hot,
            double marketMicros,
            double rocksMicros,
            double gcMicros,
            double allMicros,
            double perSecond,
            long stateBytes,
            double checkpointMs,
            long redisBytes) {

        static String head() {
            return "| matches |  records are of | market us | RocksDB us | collector us | whole job us | records/s | state MB | B/match | "
                    + "checkpoint ms | Redis B/match |\n"
                    + "|--------:|:----------------|----------:|-----------:|-------------:|-------------:|----------:|---------:|--------:|-"
                    + "-------------:|--------------:|";
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "| %,7d | %-15s | %9.1f | %10.1f | %12.1f | %12.1f | %,9.0f | %8.1f | %,7d | %13.0f | %,13d |",
                    matches,
                    hot ? "one, 90 %" : "all in turn",
                    marketMicros,
                    rocksMicros,
                    gcMicros,
                    allMicros,
                    perSecond,
                    stateBytes / 1e6,
                    stateBytes / matches,
                    checkpointMs,
                    redisBytes);
        }
    }

    static Row measure(Map<String, String> set, int matches, boolean hot, int records) throws Exception {
        Map<String, String> settings = Map.of(
                "market.minQuotes", "1",
                "job.bufferMs", "5",
                "market.freshLiveMs", "36000000",
                "market.freshUpcomingMs", "36000000");
        try (Rig rig = new Rig(settings, set)) {
            touchline.jobs.MarketJob.build(rig.environment(), rig.settings());
            KafkaProducer<String, byte[]> producer = rig.producer(true);
            RedisClient client = RedisClient.create(rig.redis.uri());
            rig.opened(() -> client.shutdown(Duration.ZERO, Duration.ofSeconds(1)));
            RedisCommands<String, String> redis = client.connect().sync();
            long emptyRedis = usedMemory(redis);
            JobID job = rig.startMarketJob();
            Load load = new Load(matches);
            for (int m = 0; m < matches; m++) {
                Load.append(producer, load.match(m), load.fixture(load.match(m)));
            }
            await(redis, Throughput.marks(producer, "filled"));
            long redisBytes = (usedMemory(redis) - emptyRedis) / matches;
            // The JVM compiles what is measured, and RocksDB has files.
            send(producer, load, hot, records / 4);
            await(redis, Throughput.marks(producer, "warm"));
            awaitCheckpoints(rig, job, 2);
            long stateBytes =
                    latest(rig, job).getHistory().getLatestCompletedCheckpoint().getStateSize();

            Spent before = Spent.now();
            long begun = System.nanoTime();
            send(producer, load, hot, records);
            await(redis, Throughput.marks(producer, "measured"));
            double seconds = (System.nanoTime() - begun) / 1e9;
            Spent spent = Spent.now().since(before);
            return new Row(
                    matches,
                    hot,
                    spent.market * 1e6 / records,
                    spent.rocks * 1e6 / records,
                    spent.gc * 1e6 / records,
                    spent.all() * 1e6 / records,
                    records / seconds,
                    stateBytes,
                    latest(rig, job)
                            .getSummaryStats()
                            .getEndToEndDurationStats()
                            .getQuantile(0.5),
                    redisBytes);
        }
    }

    /** Seconds of processor time. */
    private record Spent(double market, double rocks, double gc, double others) {

        static Spent now() {
            return new Spent(
                    ThreadTimes.seconds("market"),
                    ThreadTimes.seconds("rocksdb", "Flink-RocksDB", "AsyncOperations"),
                    ThreadTimes.seconds("GC Thread", "G1 "),
                    ThreadTimes.seconds("Source: feed lo", "Source Data Fet", "OutputFlusher", "redis", "lettuce"));
        }

        Spent since(Spent before) {
            return new Spent(market - before.market, rocks - before.rocks, gc - before.gc, others - before.others);
        }

        double all() {
            return market + rocks + gc + others;
        }
    }

    private static void send(KafkaProducer<String, byte[]> producer, Load load, boolean hot, int records) {
        for (int i = 0; i < records; i++) {
            Load.Change change = hot && i % 10 != 0 ? load.ofTheFirst() : load.next();
            Load.append(producer, change.match(), change.record());
        }
    }

    private static void await(RedisCommands<String, String> redis, List<String> marks) {
        List<String> missing = new ArrayList<>(marks);
        Rig.await("the last update", LIMIT, () -> {
            missing.removeIf(match -> redis.exists(Throughput.SHARD_KEYS.matchKey(match)) > 0);
            return missing.isEmpty();
        });
    }

    private static void awaitCheckpoints(Rig rig, JobID job, int more) throws Exception {
        long before = latest(rig, job).getCounts().getNumberOfCompletedCheckpoints();
        Rig.await(
                "checkpoints",
                Duration.ofMinutes(2),
                () -> latest(rig, job).getCounts().getNumberOfCompletedCheckpoints() >= before + more);
    }

    private static CheckpointStatsSnapshot latest(Rig rig, JobID job) throws Exception {
        return rig.flink.miniCluster().getArchivedExecutionGraph(job).get().getCheckpointStatsSnapshot();
    }

    private static long usedMemory(RedisCommands<String, String> redis) {
        return redis.info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring("used_memory:".length()).strip()))
                .findFirst()
                .orElseThrow();
    }
}
