package touchline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import touchline.audit.AuditReport;
import touchline.config.Settings;
import touchline.feed.FeedRecord;
import touchline.feed.View;
import touchline.relay.Relay;
import touchline.sandbox.Await;
import touchline.sandbox.FlinkCluster;
import touchline.sandbox.OperatorDesk;
import touchline.update.Shards;

/**
 * Both jobs on a Flink cluster of separate processes, submitted as on any installation, and what may die of it.
 * {@code -Dtouchline.repeats=50} kills workers that often.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // made before all tests
class SessionClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LOAD = 20;
    private static final int REPEATS = Integer.getInteger("touchline.repeats", 1);
    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");

    private static Installation here;
    private Reader reader;

    @BeforeAll
    static void submit() throws SQLException {
        here = Installation.start(1);
        // Each worker has slots for one job: the first one runs here, the second on the worker that comes after.
        run("MarketJob", List.of());
        here.flink.startTaskManager();
        run("IngestJob", List.of());
        here.operator(
                "insert into touchline.match (id, home, away, phase) values ('manual:derby', 'Reds', 'Blues', 'live')");
        // From here on every revision is told, not only the newest one.
        await("changes to be streamed", () -> Told.read(here.kafka.bootstrap()).hasHeartbeat());
    }

    @AfterAll
    static void stop() {
        if (here != null) {
            here.close();
        }
    }

    @BeforeEach
    void read() {
        reader = new Reader(here.redis.uri());
    }

    @AfterEach
    void stopReading() {
        reader.close();
    }

    @Test
    void showsAProvidersMatchAndAnOperatorsInRedis() throws SQLException {
        await("the operator's match", () -> "Reds".equals(cell("manual:derby", "match/home")));
        await(
                "a provider's match",
                () -> reader.epochs().keySet().stream().anyMatch(match -> match.startsWith("oddsapi:")));
        here.operator("update touchline.match set score_home = 2 where id = 'manual:derby'");
        await("the operator's score", () -> "2".equals(cell("manual:derby", "match/home_score")));
        judge();
    }

    @Test
    void losesNothingWhenTheWorkersOfBothJobsAreKilledUnderLoad() throws SQLException {
        Set<String> replaced = Set.of();
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            try (OperatorDesk desk = here.desk(11 + 100L * repeat)) {
                awaitLoad(desk);
                replaced = killWorkersOf("MarketJob");
                awaitLoad(desk);
                killWorkersOf("IngestJob");
                awaitLoad(desk);
            }
        }
        assertThat(replaced)
                .as("books came from a checkpoint, not from the beginning of the log")
                .anySatisfy(worker -> assertThat(here.flink.log(worker)).contains("event=books_restored"));
        awaitEveryRevision();
        judge();
        assertThat(reader.epochs())
                .allSatisfy((match, epochs) -> assertThat(epochs).as(match).hasSize(1));

        Collection<TreeMap<Long, FeedRecord>> generations =
                Told.read(here.kafka.bootstrap()).firsts("oddsapi/odds").values();
        assertThat(generations).anySatisfy(of -> assertThat(of).hasSizeGreaterThan(1));
        assertThat(generations)
                .allSatisfy(of -> assertThat(of.values())
                        .allSatisfy(first -> assertThat(first.body())
                                .as("first of its generation: %s", first)
                                .isInstanceOfSatisfying(
                                        View.class,
                                        view -> assertThat(view.full()).isTrue())));
    }

    @Test
    void workersThatWereGivenUpWhileTheyWereFrozenSayNothingMore() throws SQLException {
        try (OperatorDesk desk = here.desk(15)) {
            awaitLoad(desk);
            Set<String> frozen = new TreeSet<>();
            for (String name : List.of("MarketJob", "IngestJob")) {
                frozen.addAll(workersOf(name));
            }
            frozen.forEach(here.flink::freeze);
            frozen.forEach(worker -> here.flink.startTaskManager());
            awaitElsewhere("MarketJob", frozen);
            awaitElsewhere("IngestJob", frozen);
            awaitLoad(desk);
            frozen.forEach(here.flink::thaw);
            await(
                    "the thawed to be back without their tasks",
                    () -> here.flink.idle().containsAll(frozen));
            awaitLoad(desk);
        }
        awaitEveryRevision();
        judge();
    }

    @Test
    void goesOnFromTheLastCheckpointsWhenTheJobManagerWasKilled() throws SQLException {
        try (OperatorDesk desk = here.desk(16)) {
            awaitLoad(desk);
            workersOf("MarketJob");
            workersOf("IngestJob");
            String market = here.flink.job("MarketJob");
            String ingest = here.flink.job("IngestJob");
            here.flink.killJobManager();
            here.flink.startJobManager();
            run("MarketJob", List.of("-s", here.flink.lastCheckpoint(market)));
            run("IngestJob", List.of("-s", here.flink.lastCheckpoint(ingest)));
            awaitLoad(desk);
        }
        awaitEveryRevision();
        judge();
        assertThat(reader.epochs())
                .allSatisfy((match, epochs) -> assertThat(epochs).as(match).hasSize(1));
    }

    /** Last: it leaves the market job with fewer instances. */
    @Test
    @Order(Integer.MAX_VALUE)
    void goesOnFromSavepointsWithTheSameEpochsAlsoWithFewerInstances() throws SQLException {
        try (OperatorDesk desk = here.desk(12)) {
            awaitLoad(desk);
            String ingest = stopWithSavepoint("IngestJob");
            String market = stopWithSavepoint("MarketJob");
            Map<String, Integer> before = new HashMap<>(reader.updates());
            run("MarketJob", List.of("-s", market), "--set", "job.parallelism=1");
            run("IngestJob", List.of("-s", ingest));
            awaitLoad(desk);
            await(
                    "updates of matches of both sources from before",
                    () -> Set.of("manual:", "oddsapi:").stream()
                            .allMatch(source -> before.entrySet().stream()
                                    .filter(match -> match.getKey().startsWith(source))
                                    .anyMatch(match ->
                                            reader.updates().getOrDefault(match.getKey(), 0) > match.getValue())));
        }
        awaitEveryRevision();
        judge();
        assertThat(reader.epochs())
                .allSatisfy((match, epochs) -> assertThat(epochs).as(match).hasSize(1));
    }

    @Test
    void redisIsWholeAgainAfterItLostEverythingUnderLoad() throws SQLException {
        try (OperatorDesk desk = here.desk(13)) {
            awaitLoad(desk);
            here.redis.restartEmpty();
            // A reader that begins with the new Redis: for one from before, what was lost is rightly missing.
            reader.close();
            reader = new Reader(here.redis.uri());
            awaitLoad(desk);
        }
        awaitEveryRevision();
        judge();
    }

    @Test
    void everyIncidentThatWasCommittedArrivesOnceAndInOrderWhileReadersAreKilled() throws Exception {
        List<String> matches = IntStream.range(0, 40 * REPEATS)
                .mapToObj(i -> "manual:append" + i)
                .toList();
        for (String match : matches) {
            here.operator("insert into touchline.match (id, home, away, phase) values ('" + match
                    + "', 'Reds', 'Blues', 'live')");
        }
        for (String match : matches) {
            await(match, () -> "Reds".equals(cell(match, "match/home")));
        }
        try (Relay relay = Relay.start(new Settings(
                        Map.of("redis.uri", here.redis.uri(), "relay.port", "0", "relay.adminPort", "0")));
                Subscriber client = subscribe(relay, matches)) {
            Map<String, Set<String>> written;
            try (ListAppend list = new ListAppend(here.postgres.jdbcUrl(), matches, 4)) {
                for (int repeat = 0; repeat < REPEATS; repeat++) {
                    for (int i = 0; i < 5; i++) {
                        awaitAppended(list);
                        here.postgres.apply("select pg_terminate_backend(active_pid) from pg_replication_slots"
                                + " where active_pid is not null");
                    }
                    killWorkersOf("IngestJob");
                    awaitAppended(list);
                    killWorkersOf("MarketJob");
                    awaitAppended(list);
                }
                list.end();
                written = list.inTheDatabase();
                await(
                        "all that was committed",
                        () -> matches.stream()
                                .allMatch(match ->
                                        ListAppend.shown(client.cells(match)).equals(written.get(match))));
                Map<String, Set<String>> before = new HashMap<>();
                for (Subscriber.Shown shown : client.shown()) {
                    Set<String> incidents = ListAppend.shown(shown.cells());
                    assertThat(list.outOfOrder(shown.match(), incidents))
                            .as("at %s", shown.position())
                            .isEmpty();
                    assertThat(incidents).containsAll(before.getOrDefault(shown.match(), Set.of()));
                    before.put(shown.match(), incidents);
                }
                assertThat(list.committed()).isGreaterThan(LOAD);
            }
            assertThat(client.faults()).isEmpty();
        }
        awaitEveryRevision();
        judge();
        assertThat(here.flink.logs()).doesNotContain("event=row_missed", "event=revisions_missing");
    }

    private static Subscriber subscribe(Relay relay, List<String> matches) throws IOException {
        await("the relay", relay::isReady);
        return new Subscriber(relay.port(), matches);
    }

    private static void awaitAppended(ListAppend list) {
        int more = list.committed() + LOAD;
        await("appended", () -> list.committed() >= more);
    }

    @Test
    void losesNothingWhenTheBrokerIsAwayUnderLoad() throws SQLException {
        try (OperatorDesk desk = here.desk(14)) {
            awaitLoad(desk);
            here.kafka.stop();
            long committed = desk.transactions();
            await("operators who go on", () -> desk.transactions() > committed + LOAD);
            here.kafka.startAgain();
            awaitLoad(desk);
        }
        awaitEveryRevision();
        judge();
    }

    @Test
    void refusesWrongSettingsAtTheCommandLineWithTheirRemedy() {
        assertRefused(Map.of("redis.urii", "x"), "redis.urii", "redis.uri");
        assertRefused(Map.of("kafka.feedPartitions", "32"), "kafka.feedPartitions=32", "64");
    }

    private static void assertRefused(Map<String, String> wrong, String... told) {
        Path file = here.file("wrong.properties", wrong);
        FlinkCluster.Answer answer = here.flink.flink(
                "run", "-d", "-c", "touchline.jobs.MarketJob", Installation.JAR, "--config", file.toString());
        assertThat(answer.exit()).as(answer.output()).isNotZero();
        assertThat(answer.output()).contains(told);
    }

    private static void run(String name, List<String> options, String... arguments) {
        List<String> words = new ArrayList<>(List.of("run", "-d"));
        words.addAll(options);
        words.addAll(List.of("-c", "touchline.jobs." + name, Installation.JAR));
        words.addAll(List.of("--config", here.file().toString()));
        words.addAll(List.of(arguments));
        FlinkCluster.Answer answer = here.flink.flink(words.toArray(new String[0]));
        assertThat(answer.exit()).as(answer.output()).isZero();
        String job = here.flink.job(name);
        await(name + " to run", () -> !here.flink.runs(job).isEmpty());
    }

    private static String stopWithSavepoint(String name) {
        Path directory = here.flink.directory().resolve("savepoints");
        FlinkCluster.Answer answer =
                here.flink.flink("stop", "--savepointPath", directory.toUri().toString(), here.flink.job(name));
        assertThat(answer.exit()).as(answer.output()).isZero();
        Matcher path = SAVEPOINT.matcher(answer.output());
        assertThat(path.find()).as(answer.output()).isTrue();
        return path.group(1);
    }

    /**
     * Kills all that runs the job, gives the cluster new workers instead, as a supervisor would, and waits.
     *
     * @return the workers that run it then
     */
    private static Set<String> killWorkersOf(String name) {
        Set<String> dead = workersOf(name);
        dead.forEach(here.flink::kill);
        dead.forEach(worker -> here.flink.startTaskManager());
        return awaitElsewhere(name, dead);
    }

    /** The workers that run the job, once it has a checkpoint to go on from. */
    private static Set<String> workersOf(String name) {
        String job = here.flink.job(name);
        await("a checkpoint of " + name, () -> here.flink.checkpoints(job) > 0);
        Set<String> workers = new TreeSet<>();
        // It may just be restarting.
        await("workers of " + name, () -> workers.addAll(here.flink.runs(job)));
        return workers;
    }

    private static Set<String> awaitElsewhere(String name, Set<String> dead) {
        String job = here.flink.job(name);
        Set<String> now = new TreeSet<>();
        await(name + " to run on another worker", () -> {
            now.clear();
            now.addAll(here.flink.runs(job));
            return !now.isEmpty() && now.stream().noneMatch(dead::contains);
        });
        return now;
    }

    /** Until so much more has been committed by operators and read by readers. */
    private void awaitLoad(OperatorDesk desk) {
        long committed = desk.transactions() + LOAD;
        long entries = reader.tally().entries() + LOAD;
        await("load", () -> desk.transactions() >= committed && reader.tally().entries() >= entries);
    }

    /** No revision of any document may be missing in the log; the database says how many there were. */
    private static void awaitEveryRevision() throws SQLException {
        Map<String, Long> written = here.revisions();
        Map<String, TreeSet<Long>> told = new TreeMap<>();
        await("the last revision of each document", () -> {
            told.clear();
            told.putAll(Told.read(here.kafka.bootstrap()).revisions());
            return written.entrySet().stream()
                    .allMatch(one ->
                            told.getOrDefault(one.getKey(), new TreeSet<>()).contains(one.getValue()));
        });
        written.forEach((match, last) -> assertThat(told.get(match))
                .as("revisions of %s in the log", match)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, last).boxed().toList()));
    }

    /** Nothing lost, repeated or stepped back, by the log and by a reader. */
    private void judge() {
        await("beats that are not late", () -> reader.beatAgeMs() >= 0 && reader.beatAgeMs() < 3_000);
        AuditReport report = here.audit();
        assertThat(report.clean()).as(String.join("\n", report.lines())).isTrue();
        assertThat(report.streams().trimmed()).isZero();
        assertThat(report.streams().compared()).isPositive();
        assertThat(reader.tally().broken())
                .as(reader.tally().faults().toString())
                .isFalse();
    }

    private static String cell(String match, String cell) {
        return here.redis.command("HGET", new Shards(16).matchKey(match), cell);
    }

    private static void await(String what, BooleanSupplier condition) {
        Await.until(what, PATIENCE, condition);
    }
}
