package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import touchline.sandbox.Await;
import touchline.sandbox.FreePort;
import touchline.sandbox.OperatorDesk;
import touchline.sandbox.SimulationPlan;

/** The cluster under load, with its subscribers: what a fault strikes, and who judges it. */
final class Scene implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LOAD = 20;
    /** One a second. */
    private static final long SETTLED = 15;

    private static final long LATE_MS = 3_000;
    /** Matches that operators run, where nothing else is said. */
    static final int OPERATED = 8;

    final Standing standing;
    final FlinkJobs flink;
    final JobCommand jobs;
    final Roles roles;
    final Judge judge;
    private final Workplace place;
    private final OperatorDesk desk;
    private final HttpClient http = HttpClient.newHttpClient();
    private StreamReader reader;
    private RelayClient client;
    private long since;

    Scene(Standing standing) {
        this(standing, OPERATED);
    }

    /** @param operated matches that operators run beside what the odds API says */
    Scene(Standing standing, int operated) {
        this.standing = standing;
        this.flink = FlinkJobs.of(standing);
        this.place = new Workplace(Standing.directory().toAbsolutePath());
        this.jobs = new JobCommand(new Programs(place.directory()));
        this.roles = new Roles(this);
        this.judge = new Judge(this);
        sql("insert into touchline.match (id, home, away, phase) values ('manual:chaos', 'Reds', 'Blues', 'live')"
                + " on conflict do nothing");
        // From here on every revision is told, not only the newest one.
        await("changes to be streamed", () -> {
            pause(500);
            return told().hasHeartbeat();
        });
        this.reader = newReader();
        this.client = newClient();
        this.desk = new OperatorDesk(
                jdbcUrl(),
                "touchline_operator",
                "",
                new SimulationPlan(7, 150, operated, 0),
                System::currentTimeMillis);
        desk.start(20);
    }

    String kafka() {
        return standing.endpoint("kafka");
    }

    /** What poison left in the log is the market job's to refuse. */
    Told told() {
        return Told.read(kafka(), refused -> {});
    }

    String jdbcUrl() {
        return standing.endpoint("postgres");
    }

    StreamReader reader() {
        return reader;
    }

    RelayClient client() {
        return client;
    }

    /** A reader that begins now: what an old one misses was rightly lost. */
    void readAnew() {
        reader.close();
        reader = newReader();
        reader.begin(since);
    }

    /** Subscribers that have seen nothing break yet. */
    void subscribeAnew() {
        readAnew();
        client.close();
        client = newClient();
    }

    private StreamReader newReader() {
        return new StreamReader(standing.endpoint("redis"));
    }

    private RelayClient newClient() {
        return new RelayClient(List.of(standing.endpoint("relay-1"), standing.endpoint("relay-2")));
    }

    static void await(String what, BooleanSupplier condition) {
        Await.until(what, PATIENCE, condition);
    }

    boolean isCurrent() {
        return reader.beatAgeMs() >= 0 && reader.beatAgeMs() < LATE_MS;
    }

    /** Everything runs, nobody is late, and updates flow to both subscribers. */
    void awaitCalm() {
        for (String job : JobCommand.JOBS) {
            await(
                    job + " to run and to have a checkpoint",
                    () -> flink.runs(job)
                            && flink.job(job).map(FlinkJobs.Job::checkpoints).orElse(0L) > 0);
        }
        await(
                "all workers",
                () -> flink.workers().size() >= standing.parts("taskmanager").size());
        await("beats that are not late", this::isCurrent);
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

    /** Nobody is still at what starting took: a fault finds an installation that has run for a while. */
    void awaitSettled() {
        for (String job : JobCommand.JOBS) {
            await(
                    job + " to have made " + SETTLED + " checkpoints",
                    () -> flink.job(job).map(FlinkJobs.Job::checkpoints).orElse(0L) >= SETTLED);
        }
    }

    /** The moment of the fault. */
    void mark() {
        since = System.currentTimeMillis();
        reader.begin(since);
        client.arrivals().begin(since);
    }

    /** Until updates flow again at both subscribers and every task runs. */
    void awaitRecovery() {
        await("both jobs to run again", () -> JobCommand.JOBS.stream().allMatch(flink::runs));
        long now = System.currentTimeMillis();
        await(
                "updates at both subscribers",
                () -> reader.arrivals().countAfter(now) > LOAD
                        && client.arrivals().countAfter(now) > LOAD);
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

    /** Starts it as before; returns when it listens, if it does. */
    void back(String name) {
        int port = standing.part(name).port();
        again(name, () -> port == 0 || !FreePort.isFree(port));
    }

    void startWhatIsDown(String prefix) {
        for (Part part : standing.parts(prefix)) {
            if (!part.isUp()) {
                back(part.name());
            }
        }
    }

    /** How wrong it is from now on. */
    void brokersClock(long byMs) {
        try {
            Files.writeString(place.file(Servers.CLOCK), Long.toString(byMs));
        } catch (IOException e) {
            throw new UncheckedIOException("setting the broker's clock", e);
        }
    }

    /** Makes a way worse or better, as {@link Network} understands. */
    void way(Route route, String query) {
        post(standing.endpoint("network") + "/" + route.word() + "?" + query, "POST");
    }

    /** Other settings for jobs that are run from now on. */
    void settings(Map<String, String> changed) {
        standing.settings(changed);
        place.settings("jobs.properties", "jobs.properties", Assembly.lines(standing.settings()));
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
