package touchline.postgres;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import touchline.sandbox.Await;
import touchline.sandbox.FlinkServer;

/**
 * Restarts a quiet job again and again; each time some rows, written directly so that they are the first thing in the log,
 * are the first transaction that the restarted job has to read. Counts the rows that never came.
 */
final class RestartTrials {

    /** How the job ends and begins again. */
    enum Way {
        SAVEPOINT,
        CHECKPOINT,
        FAILURE,
        WALSENDER
    }

    private final OperatorsDatabase database;
    private final Reading reading;
    private final String slot;
    private int written;

    private RestartTrials(OperatorsDatabase database, Reading reading, String slot) {
        this.database = database;
        this.reading = reading;
        this.slot = slot;
    }

    /**
     * @param debeziumHeartbeats Debezium's heartbeats and none of ours, the setting in which its own class loses rows
     * @param rows of each first transaction; more than one are one COPY
     * @return how many of {@code repeats} restarts lost a row
     */
    static int lost(
            OperatorsDatabase database, FlinkServer flink, Way way, boolean debeziumHeartbeats, int rows, int repeats)
            throws Exception {
        String slot =
                "trial_" + way.name().toLowerCase(java.util.Locale.ROOT) + (debeziumHeartbeats ? "_d" : "_h") + rows;
        PostgresSettings settings = database.settings(slot);
        int lost = 0;
        try (Reading reading = debeziumHeartbeats
                ? Reading.startOnDebeziumHeartbeats(flink, settings)
                : Reading.start(flink, settings)) {
            RestartTrials trials = new RestartTrials(database, reading, slot);
            for (int i = 0; i < repeats; i++) {
                lost += trials.once(way, rows) ? 0 : 1;
            }
        }
        database.dropSlot(slot);
        System.out.printf(
                "TRIAL way=%s debezium_heartbeats=%s rows=%d restarts=%d lost=%d%n",
                way, debeziumHeartbeats, rows, repeats, lost);
        return lost;
    }

    private boolean once(Way way, int rows) throws Exception {
        rowsUntilOneCame();
        // Quiet, until heartbeats have stored the end of the log and checkpoints have kept it.
        reading.awaitCheckpoints(6);
        List<String> first = names(rows);
        switch (way) {
            case SAVEPOINT -> {
                String savepoint = reading.stopWithSavepoint();
                write(first);
                reading.resume(savepoint);
            }
            case CHECKPOINT -> {
                String checkpoint = reading.cancel();
                write(first);
                reading.resume(checkpoint);
            }
            case FAILURE -> {
                reading.poison(first.get(0));
                write(first);
            }
            case WALSENDER -> {
                database.query("select pg_terminate_backend(active_pid) from pg_replication_slots"
                        + " where active and slot_name = '" + slot + "'");
                write(first);
            }
        }
        // Rows come in the order of the log: once a later one is here, an earlier one is here or lost.
        rowsUntilOneCame();
        Set<String> seen = matches();
        return seen.containsAll(first);
    }

    private void rowsUntilOneCame() throws SQLException {
        List<String> sent = new ArrayList<>();
        long[] next = {System.nanoTime()};
        Await.until("a row of slot " + slot, java.time.Duration.ofSeconds(90), () -> {
            if (System.nanoTime() >= next[0]) {
                sent.addAll(names(1));
                try {
                    write(sent.subList(sent.size() - 1, sent.size()));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                next[0] = System.nanoTime() + 300_000_000;
            }
            Set<String> seen = matches();
            return sent.stream().anyMatch(seen::contains);
        });
        // Later ones of these must not be the first transaction after the restart.
        String last = sent.get(sent.size() - 1);
        Await.until(
                "row " + last, java.time.Duration.ofSeconds(90), () -> matches().contains(last));
    }

    private Set<String> matches() {
        return reading.seen().stream()
                .filter(Captured.Document.class::isInstance)
                .map(row -> ((Captured.Document) row).match())
                .collect(Collectors.toSet());
    }

    private List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> slot + ":" + written++).toList();
    }

    private void write(List<String> names) throws SQLException {
        try (Connection connection = database.server().connect()) {
            String rows = names.stream()
                    .map(name -> name + "\t1\t1\t2026-01-01 00:00:00Z\t{}\n")
                    .collect(Collectors.joining());
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy touchline.match_document from stdin", new StringReader(rows));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /** In a JVM of its own, with Debezium's class first on the class path: the argument says how often. */
    public static void main(String[] args) throws Exception {
        try {
            WalPositionLocatorCheck.verify();
            System.out.println("TRIAL check=passed");
        } catch (IllegalStateException e) {
            System.out.println("TRIAL check=refused " + e.getMessage());
        }
        try (OperatorsDatabase database = OperatorsDatabase.start();
                FlinkServer flink = FlinkServer.start(0)) {
            int repeats = Integer.parseInt(args[0]);
            lost(database, flink, Way.SAVEPOINT, true, 1, repeats);
            if (repeats > 10) {
                lost(database, flink, Way.CHECKPOINT, true, 1, repeats);
                lost(database, flink, Way.FAILURE, true, 1, repeats);
                lost(database, flink, Way.WALSENDER, true, 1, repeats);
                lost(database, flink, Way.SAVEPOINT, true, 5, repeats);
            }
        }
        // Flink CDC leaves threads of its static connection pools behind.
        System.exit(0);
    }
}
