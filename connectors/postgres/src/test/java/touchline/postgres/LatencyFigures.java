package touchline.postgres;

import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import touchline.sandbox.Await;
import touchline.sandbox.FlinkServer;

/**
 * How long an operator's commit takes to reach the operator behind the source: run by hand, arguments are commits per
 * second and seconds. Times are from before the commit; the schedule is open (a late commit counts as late).
 */
final class LatencyFigures {

    private LatencyFigures() {}

    public static void main(String[] args) throws Exception {
        int perSecond = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 20;
        try (OperatorsDatabase database = OperatorsDatabase.start();
                FlinkServer flink = FlinkServer.start(0);
                Reading reading = Reading.start(flink, database.settings("latency"))) {
            database.operator(
                    "insert into touchline.match (id, home, away, score_home) values ('manual:f', 'a', 'b', 0)");
            reading.awaitStreaming();
            Map<Long, Long> arrived = new ConcurrentHashMap<>();
            Reading.listen(captured -> {
                if (captured instanceof Captured.Document document
                        && document.match().equals("manual:f")) {
                    arrived.putIfAbsent(document.rev(), System.nanoTime());
                }
            });
            run(database, arrived, perSecond, 5, 2);
            run(database, arrived, perSecond, seconds, 2 + 5L * perSecond);
        }
        System.exit(0);
    }

    private static void run(
            OperatorsDatabase database, Map<Long, Long> arrived, int perSecond, int seconds, long firstRev)
            throws Exception {
        int count = perSecond * seconds;
        long[] intended = new long[count];
        long[] committed = new long[count];
        try (Connection connection = database.connectAs("touchline_operator");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                intended[i] = start + i * 1_000_000_000L / perSecond;
                for (long left = intended[i] - System.nanoTime(); left > 0; left = intended[i] - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                statement.execute(
                        "update touchline.match set score_home = (score_home + 1) % 1000 where id = 'manual:f'");
                connection.commit();
                committed[i] = System.nanoTime();
            }
        }
        Await.until("all documents", java.time.Duration.ofSeconds(60), () -> arrived.containsKey(firstRev + count - 1));
        long[] fromIntended = new long[count];
        long[] fromCommitted = new long[count];
        for (int i = 0; i < count; i++) {
            long at = Objects.requireNonNull(arrived.get(firstRev + i));
            fromIntended[i] = at - intended[i];
            fromCommitted[i] = at - committed[i];
        }
        print("statement+commit to operator", fromIntended, perSecond);
        print("commit returned to operator", fromCommitted, perSecond);
    }

    private static void print(String what, long[] nanos, int perSecond) {
        Arrays.sort(nanos);
        System.out.printf(
                "figure=\"%s\" per_second=%d n=%d p50_ms=%.2f p99_ms=%.2f max_ms=%.2f%n",
                what,
                perSecond,
                nanos.length,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }
}
