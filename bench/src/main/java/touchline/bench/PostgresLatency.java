package touchline.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import touchline.feed.Decimal;
import touchline.jobs.FlinkTypes;
import touchline.jobs.IngestJob;
import touchline.postgres.Captured;
import touchline.postgres.ManualMatches;
import touchline.postgres.PostgresSettings;
import touchline.sandbox.PostgresServer;

/** Operators' commits at a fixed rate until their price is read from Redis; and bare change capture. */
final class PostgresLatency {

    private static final int MATCHES = 100;
    private static final int SHARDS = 16;

    /** When a price was meant to be committed, and when its commit had returned. */
    private static final Map<String, long[]> SENT = new ConcurrentHashMap<>();

    private static final Histogram CAPTURED = new SynchronizedHistogram(3);

    private PostgresLatency() {}

    static List<Figure> measure(Map<String, String> set, int perSecond, int seconds) throws Exception {
        Histogram fromIntended = new SynchronizedHistogram(3);
        Histogram fromCommit = new SynchronizedHistogram(3);
        Histogram commits = new SynchronizedHistogram(3);
        try (Rig rig = new Rig(Map.of("job.oddsapi", "false"), set)) {
            PostgresServer postgres = database(rig);
            rig.startMarketJob();
            StreamExecutionEnvironment env = rig.environment();
            IngestJob.build(env, rig.settings());
            rig.start(env, "IngestJob");
            rig.opened(new Watch(rig.redis.uri(), SHARDS, (update, nanos) -> {
                String price = update.set().get("h2h/home");
                long[] times = price == null ? null : SENT.remove(update.match() + " " + price);
                if (times != null) {
                    fromIntended.recordValue((nanos - times[0]) / 1000);
                    fromCommit.recordValue(Math.max(0, (nanos - (times[1] == 0 ? nanos : times[1])) / 1000));
                }
            }));
            commitAll(postgres, perSecond, seconds, commits, () -> {
                fromIntended.reset();
                fromCommit.reset();
            });
        }
        try (Rig rig = new Rig(Map.of(), set)) {
            PostgresServer postgres = database(rig);
            StreamExecutionEnvironment env = rig.environment();
            env.enableCheckpointing(1000);
            env.setBufferTimeout(0);
            env.setParallelism(1);
            ManualMatches.stream(env, rig.settings().as(PostgresSettings.class, "postgres"), FlinkTypes.CAPTURED)
                    .map(PostgresLatency::captured)
                    .returns(FlinkTypes.CAPTURED)
                    .sinkTo(new DiscardingSink<>());
            rig.start(env, "bare capture");
            commitAll(postgres, perSecond, seconds, new SynchronizedHistogram(3), CAPTURED::reset);
        }
        String at = " at " + perSecond + "/s";
        return List.of(
                Figure.latency("Postgres, intended commit -> Redis" + at, fromIntended),
                Figure.latency("Postgres, commit returned -> Redis" + at, fromCommit),
                Figure.latency("  floor: the commit itself" + at, commits),
                Figure.latency("  floor: intended commit -> bare capture" + at, CAPTURED));
    }

    /** Operators' database with matches of theirs, and change capture set to it. */
    static PostgresServer database(Rig rig) throws Exception {
        PostgresServer postgres = rig.opened(PostgresServer.start(0));
        for (String file : List.of("schema.sql", "roles.sql", "publication.sql")) {
            postgres.apply(Rig.project("deploy/postgres/" + file));
        }
        rig.set("postgres.port", Integer.toString(postgres.port()));
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            for (int m = 0; m < MATCHES; m++) {
                statement.execute("insert into touchline.match(id, home, away, start, phase) values ('" + match(m)
                        + "', 'Home', 'Away', now(), 'live')");
                statement.execute("insert into touchline.selection(match, market, outcome, price) values ('" + match(m)
                        + "', 'h2h', 'home', 1.5), ('" + match(m) + "', 'h2h', 'draw', 3), ('" + match(m)
                        + "', 'h2h', 'away', 2.9)");
            }
        }
        return postgres;
    }

    private static String match(int m) {
        return "manual:bench" + m;
    }

    private static void commitAll(
            PostgresServer postgres, int perSecond, int seconds, Histogram commits, Runnable afterWarmUp)
            throws Exception {
        List<Integer> serial = new ArrayList<>(List.of(0));
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                PreparedStatement update = connection.prepareStatement(
                        "update touchline.selection set price = ? where match = ? and market = 'h2h' and outcome = 'home'")) {
            OpenSchedule.Call call = (n, intended) -> {
                int k = serial.get(0);
                serial.set(0, k + 1);
                int price = 1501 + k / MATCHES;
                long[] times = {intended, 0};
                SENT.put(match(k % MATCHES) + " " + Decimal.text(price), times);
                update.setBigDecimal(1, java.math.BigDecimal.valueOf(price, 3));
                update.setString(2, match(k % MATCHES));
                long before = System.nanoTime();
                update.executeUpdate();
                times[1] = System.nanoTime();
                commits.recordValue((times[1] - before) / 1000);
            };
            OpenSchedule.run(perSecond, 30, call);
            Rig.await("the warm-up", Duration.ofSeconds(60), SENT::isEmpty);
            afterWarmUp.run();
            commits.reset();
            OpenSchedule.run(perSecond, seconds, call);
            Rig.await("the last commit", Duration.ofSeconds(30), SENT::isEmpty);
        }
    }

    private static Captured captured(Captured row) {
        long nanos = System.nanoTime();
        if (row instanceof Captured.Document document) {
            document.body().markets().stream()
                    .filter(market -> market.market().equals("h2h"))
                    .map(market -> document.match() + " "
                            + Decimal.text(market.prices().getOrDefault("home", 0)))
                    .map(SENT::remove)
                    .filter(java.util.Objects::nonNull)
                    .forEach(times -> CAPTURED.recordValue((nanos - times[0]) / 1000));
        }
        return row;
    }
}
