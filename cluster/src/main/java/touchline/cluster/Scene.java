package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import touchline.audit.Audit;
import touchline.audit.AuditReport;
import touchline.audit.AuditTarget;
import touchline.book.MarketRules;
import touchline.config.Settings;
import touchline.sandbox.Await;
import touchline.sandbox.OperatorDesk;
import touchline.sandbox.SimulationPlan;

/** The cluster under load, with its subscribers: what a fault strikes, and who judges it. */
final class Scene implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LOAD = 20;
    static final int OPERATED = 8;

    final Standing standing;
    final FlinkJobs flink;
    final Programs programs;
    final RelayClient client;
    private final OperatorDesk desk;
    private final HttpClient http = HttpClient.newHttpClient();
    private StreamReader reader;
    private long since;

    Scene(Standing standing) {
        this.standing = standing;
        this.flink = FlinkJobs.of(standing);
        this.programs = new Programs(Standing.directory().toAbsolutePath());
        sql("insert into touchline.match (id, home, away, phase) values ('manual:chaos', 'Reds', 'Blues', 'live')"
                + " on conflict do nothing");
        // From here on every revision is told, not only the newest one.
        await("changes to be streamed", () -> {
            pause(500);
            return told().hasHeartbeat();
        });
        this.reader = new StreamReader(standing.endpoint("redis"));
        this.client = new RelayClient(List.of(standing.endpoint("relay-1"), standing.endpoint("relay-2")));
        this.desk = new OperatorDesk(
                jdbcUrl(),
                "touchline_operator",
                "",
                new SimulationPlan(7, 150, OPERATED, 0),
                System::currentTimeMillis);
        desk.start(20);
    }

    String kafka() {
        return standing.endpoint("kafka");
    }

    /** What poison left in the log is the market job's to refuse. */
    private Told told() {
        return Told.read(kafka(), refused -> {});
    }

    String jdbcUrl() {
        return standing.endpoint("postgres");
    }

    StreamReader reader() {
        return reader;
    }

    /** A reader that begins now: what an old one misses was rightly lost. */
    void readAnew() {
        reader.close();
        reader = new StreamReader(standing.endpoint("redis"));
    }

    static void await(String what, BooleanSupplier condition) {
        Await.until(what, PATIENCE, condition);
    }

    /** Everything runs, nobody is late, and updates flow to both subscribers. */
    void awaitCalm() {
        for (String job : Assembly.JOBS) {
            await(
                    job + " to run and to have a checkpoint",
                    () -> flink.runs(job)
                            && flink.job(job).map(FlinkJobs.Job::checkpoints).orElse(0L) > 0);
        }
        await(
                "all workers",
                () -> flink.workers().size() >= standing.parts("taskmanager").size());
        await("beats that are not late", () -> reader.beatAgeMs() >= 0 && reader.beatAgeMs() < 3_000);
        long now = System.currentTimeMillis();
        reader.begin(now);
        client.arrivals().begin(now);
        long committed = desk.transactions();
        await(
                "load at both subscribers",
                () -> reader.arrivals().count() > LOAD
                        && client.arrivals().count() > LOAD
                        && desk.transactions() > committed);
    }

    /** The moment of the fault. */
    void mark() {
        since = System.currentTimeMillis();
        reader.begin(since);
        client.arrivals().begin(since);
    }

    /** When the fault struck, ms UTC. */
    long since() {
        return since;
    }

    /** Until updates flow again at both subscribers and every task runs. */
    void awaitRecovery() {
        await("both jobs to run again", () -> Assembly.JOBS.stream().allMatch(flink::runs));
        long now = System.currentTimeMillis();
        await(
                "updates at both subscribers",
                () -> reader.arrivals().countAfter(now) > LOAD
                        && client.arrivals().countAfter(now) > LOAD);
    }

    /** What broke a promise, in words; empty when none was broken. */
    List<String> judge(boolean everyRevision) {
        List<String> broken = new ArrayList<>();
        try {
            await("beats that are not late", () -> reader.beatAgeMs() >= 0 && reader.beatAgeMs() < 3_000);
            revisions(everyRevision, broken);
            AuditReport report = audit();
            if (!report.clean()) {
                broken.addAll(report.lines());
            }
            if (report.streams().compared() == 0) {
                broken.add("the audit compared nothing");
            }
        } catch (SQLException | IllegalStateException e) {
            broken.add(Cluster.words(e));
        }
        if (reader.tally().broken()) {
            broken.add("a reader of the streams: "
                    + reader.tally().faults().stream().limit(5).toList());
        }
        int same = client.compare(standing.endpoint("relay-1")) + client.compare(standing.endpoint("relay-2"));
        if (same == 0) {
            broken.add("no match stood at the same position at the client and at a relay");
        }
        client.faults().forEach(fault -> broken.add("a relay's client: " + fault));
        return broken;
    }

    private AuditReport audit() {
        Map<String, String> rules = new TreeMap<>(standing.settings());
        rules.keySet().removeIf(key -> !key.startsWith("market."));
        return Audit.run(
                new AuditTarget(
                        standing.endpoint("redis"),
                        16,
                        Map.of("bootstrap.servers", kafka()),
                        "feed",
                        900_000,
                        new Settings(rules).as(MarketRules.class, "market")),
                10);
    }

    /** What was committed before now must be told, once or more, in the log. */
    private void revisions(boolean every, List<String> broken) throws SQLException {
        Map<String, Long> written = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl(), "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select match, rev from touchline.match_document")) {
            while (rows.next()) {
                written.put(rows.getString(1), rows.getLong(2));
            }
        }
        Map<String, TreeSet<Long>> told = new TreeMap<>();
        await("the last revision of each document in the log", () -> {
            if (!told.isEmpty()) {
                pause(500); // the whole log is read every time
            }
            told.clear();
            told.putAll(told().revisions());
            return written.entrySet().stream().allMatch(one -> {
                TreeSet<Long> of = told.getOrDefault(one.getKey(), new TreeSet<>());
                return !of.isEmpty() && of.last() >= one.getValue();
            });
        });
        if (every) {
            told.forEach((match, revisions) -> {
                if (written.containsKey(match) && revisions.size() != revisions.last()) {
                    broken.add("of " + match + " the log has " + revisions.size() + " of " + revisions.last()
                            + " revisions");
                }
            });
        }
    }

    /** The JobManager that leads, by what it has logged. */
    Part leader() {
        Part leader = null;
        String latest = "";
        for (Part part : standing.parts("jobmanager")) {
            if (!part.isUp()) {
                continue;
            }
            try {
                List<String> lines = Files.readAllLines(part.log()).stream()
                        .filter(line -> line.contains("DefaultDispatcherRunner was granted leadership"))
                        .toList();
                String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
                if (last.compareTo(latest) > 0) {
                    latest = last;
                    leader = part;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("reading " + part.log(), e);
            }
        }
        if (leader == null) {
            throw new IllegalStateException("no JobManager leads");
        }
        return leader;
    }

    /** Starts it as before; returns when it is up and does what {@code ready} asks. */
    void again(String name, BooleanSupplier ready) {
        standing.again(name);
        await(name + " to be there again", () -> {
            if (!standing.part(name).isUp()) {
                standing.again(name);
            }
            return ready.getAsBoolean();
        });
    }

    void sql(String sql) {
        try {
            Database.apply(jdbcUrl(), sql);
        } catch (SQLException e) {
            throw new IllegalStateException("SQL failed: " + e.getMessage(), e);
        }
    }

    void post(String url, String method) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 400) {
                throw new IllegalStateException(url + " answered " + answer.statusCode() + ": " + answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        desk.close();
        client.close();
        reader.close();
    }
}
