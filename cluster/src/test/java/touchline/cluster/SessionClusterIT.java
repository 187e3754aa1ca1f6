package touchline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import touchline.audit.AuditReport;
import touchline.audit.Follower;
import touchline.audit.Tally;
import touchline.feed.FeedRecord;
import touchline.feed.View;
import touchline.sandbox.Await;
import touchline.sandbox.FlinkCluster;
import touchline.sandbox.OperatorDesk;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/** Both jobs on a Flink cluster of separate processes, submitted as on any installation. */
@SuppressWarnings("NullAway.Init") // made before all tests
class SessionClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");

    private static Installation here;
    private static Tally tally;
    private static Follower follower;
    /** Match to the epochs that a reader has seen of it. */
    private static final Map<String, Set<String>> EPOCHS = new ConcurrentHashMap<>();
    /** Match to its number of updates that a reader has seen. */
    private static final Map<String, Integer> READ = new ConcurrentHashMap<>();

    @BeforeAll
    static void submit() {
        here = Installation.start(1);
        tally = new Tally();
        follower = Follower.start(here.redis.uri(), 16, tally, SessionClusterIT::read);
        // Each worker has slots for one job: the first one runs here, the second on the worker that comes after.
        run("MarketJob");
        here.flink.startTaskManager();
        run("IngestJob");
    }

    @AfterAll
    static void stop() {
        follower.close();
        here.close();
    }

    private static void read(MarketUpdate update, long at) {
        String position = update.position().toString();
        EPOCHS.computeIfAbsent(update.match(), match -> new ConcurrentSkipListSet<>())
                .add(position.substring(0, position.indexOf('-')));
        READ.merge(update.match(), 1, Integer::sum);
    }

    @Test
    void showsAProvidersMatchAndAnOperatorsInRedis() throws SQLException {
        here.operator(
                "insert into touchline.match (id, home, away, phase) values ('manual:derby', 'Reds', 'Blues', 'live')");
        await("the operator's match", () -> "Reds".equals(cell("manual:derby", "match/home")));
        await("a provider's match", () -> EPOCHS.keySet().stream().anyMatch(match -> match.startsWith("oddsapi:")));
        here.operator("update touchline.match set score_home = 2 where id = 'manual:derby'");
        await("the operator's score", () -> "2".equals(cell("manual:derby", "match/home_score")));
        judge();
    }

    @Test
    void losesNothingWhenTheWorkersOfBothJobsAreKilledUnderLoad() throws SQLException {
        try (OperatorDesk desk = here.desk(11)) {
            awaitLoad(desk, 30);
            killWorkerOf("MarketJob");
            awaitLoad(desk, 30);
            killWorkerOf("IngestJob");
            awaitLoad(desk, 30);
        }
        awaitEveryRevision();
        judge();
        Map<String, TreeMap<Long, FeedRecord>> firsts =
                Told.read(here.kafka.bootstrap()).firsts("oddsapi/odds");
        assertThat(firsts.values())
                .anySatisfy(generations -> assertThat(generations).hasSizeGreaterThan(1));
        firsts.values()
                .forEach(generations -> generations
                        .values()
                        .forEach(first -> assertThat(first.body())
                                .as("first of its generation: %s", first)
                                .isInstanceOfSatisfying(
                                        View.class,
                                        view -> assertThat(view.full()).isTrue())));
    }

    @Test
    void goesOnFromSavepointsWithTheSameEpochs() throws SQLException {
        Set<String> before;
        try (OperatorDesk desk = here.desk(12)) {
            awaitLoad(desk, 30);
            before = new HashSet<>(desk.matches());
            String ingest = stopWithSavepoint("IngestJob");
            String market = stopWithSavepoint("MarketJob");
            Map<String, Integer> then = new TreeMap<>(READ);
            run("MarketJob", "-s", market);
            run("IngestJob", "-s", ingest);
            await(
                    "updates of the matches from before",
                    () -> before.stream().anyMatch(match -> READ.getOrDefault(match, 0) > then.getOrDefault(match, 0)));
            awaitLoad(desk, 30);
        }
        awaitEveryRevision();
        judge();
        assertThat(EPOCHS)
                .allSatisfy((match, epochs) -> assertThat(epochs).as(match).hasSize(1));
    }

    @Test
    void refusesWrongSettingsAtTheCommandLineWithTheirRemedy() {
        assertRefused(Map.of("redis.urii", "x"), "redis.urii", "redis.uri");
        assertRefused(Map.of("job.parallelism", "many"), "job.parallelism", "many");
        assertRefused(Map.of("kafka.feedPartitions", "32"), "kafka.feedPartitions", "64");
    }

    private static void assertRefused(Map<String, String> wrong, String... told) {
        Path file = here.file("wrong.properties", wrong);
        FlinkCluster.Answer answer = here.flink.flink(
                "run", "-d", "-c", "touchline.jobs.MarketJob", Installation.JAR, "--config", file.toString());
        assertThat(answer.exit()).as(answer.output()).isNotZero();
        assertThat(answer.output()).contains(told);
    }

    private static String run(String name, String... options) {
        List<String> words = new java.util.ArrayList<>(List.of("run", "-d"));
        words.addAll(List.of(options));
        words.addAll(List.of(
                "-c",
                "touchline.jobs." + name,
                Installation.JAR,
                "--config",
                here.file().toString()));
        FlinkCluster.Answer answer = here.flink.flink(words.toArray(new String[0]));
        assertThat(answer.exit()).as(answer.output()).isZero();
        String job = here.flink.job(name);
        await(name + " to run", () -> !here.flink.runs(job).isEmpty());
        return job;
    }

    private static String stopWithSavepoint(String name) {
        FlinkCluster.Answer answer = here.flink.flink(
                "stop",
                "--savepointPath",
                here.flink.directory().resolve("savepoints").toUri().toString(),
                here.flink.job(name));
        assertThat(answer.exit()).as(answer.output()).isZero();
        Matcher path = SAVEPOINT.matcher(answer.output());
        assertThat(path.find()).as(answer.output()).isTrue();
        return path.group(1);
    }

    /** Kills all that runs the job, gives the cluster new workers instead, as a supervisor would, and waits. */
    private static void killWorkerOf(String name) {
        String job = here.flink.job(name);
        Set<String> dead = here.flink.runs(job);
        assertThat(dead).isNotEmpty();
        dead.forEach(here.flink::kill);
        dead.forEach(worker -> here.flink.startTaskManager());
        await(name + " to run on another worker", () -> {
            Set<String> now = here.flink.runs(job);
            return !now.isEmpty() && now.stream().noneMatch(dead::contains);
        });
    }

    /** Until so much more has been committed by operators and read by readers. */
    private static void awaitLoad(OperatorDesk desk, int more) {
        long committed = desk.transactions() + more;
        long entries = tally.entries() + more;
        await("load", () -> desk.transactions() >= committed && tally.entries() >= entries);
    }

    /** No revision of any document may be missing in the log; the database says how many there were. */
    private static void awaitEveryRevision() throws SQLException {
        Map<String, Long> written = here.revisions();
        await("the last revision of each document", () -> {
            Map<String, TreeSet<Long>> told = Told.read(here.kafka.bootstrap()).revisions();
            return written.entrySet().stream()
                    .allMatch(one ->
                            told.getOrDefault(one.getKey(), new TreeSet<>()).contains(one.getValue()));
        });
        Map<String, TreeSet<Long>> told = Told.read(here.kafka.bootstrap()).revisions();
        written.forEach((match, last) -> assertThat(told.get(match))
                .as(match)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, last).boxed().toList()));
    }

    /** Nothing lost, repeated or stepped back, by the log and by a reader. */
    private static void judge() {
        await("beats that are not late", () -> follower.beatAgeMs() >= 0 && follower.beatAgeMs() < 3_000);
        AuditReport report = here.audit();
        assertThat(report.clean()).as(String.join("\n", report.lines())).isTrue();
        assertThat(report.streams().trimmed()).isZero();
        assertThat(report.streams().compared()).isPositive();
        assertThat(tally.broken()).as(tally.faults().toString()).isFalse();
    }

    private static String cell(String match, String cell) {
        return here.redis.command("HGET", new Shards(16).matchKey(match), cell);
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        Await.until(what, PATIENCE, condition);
    }
}
