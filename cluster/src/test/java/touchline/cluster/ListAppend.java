package touchline.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Operators who append numbered incidents to matches, side by side, each in a transaction of its own, and remember of each
 * what they saw there before. Whoever shows one of them must show all that it had seen: that is the order of the list,
 * checked without a second opinion of it.
 */
final class ListAppend implements AutoCloseable {

    /** What comes before an incident's id, where an operator told it. */
    private static final String INCIDENTS = "incidents/manual-documents-";

    private static final long PAUSE_NANOS = 50_000_000;
    /** A book keeps 200 incidents of a match: after so many of a few matches it is the turn of the next few. */
    private static final int EACH = 100;

    private static final int TOGETHER = 4;

    private final String jdbcUrl;
    private final List<String> matches;
    private final List<Thread> writers = new ArrayList<>();
    /** By match and incident, what was committed before it. */
    private final Map<String, Map<String, Set<String>>> appended = new ConcurrentHashMap<>();

    private volatile boolean closed;

    ListAppend(String jdbcUrl, List<String> matches, int writers) {
        this.jdbcUrl = jdbcUrl;
        this.matches = List.copyOf(matches);
        for (String match : matches) {
            appended.put(match, new ConcurrentHashMap<>());
        }
        for (int i = 0; i < writers; i++) {
            int number = i;
            Thread writer = new Thread(() -> write(number), "appends-" + number);
            this.writers.add(writer);
            writer.start();
        }
    }

    int committed() {
        return appended.values().stream().mapToInt(Map::size).sum();
    }

    private void write(int writer) {
        int number = 0;
        while (!closed) {
            try (Connection connection = DriverManager.getConnection(jdbcUrl, "touchline_operator", "")) {
                connection.setAutoCommit(false);
                while (!closed) {
                    int turn = committed() / (EACH * TOGETHER) * TOGETHER;
                    append(connection, matches.get(turn + number % TOGETHER), "w" + writer + "_" + number++);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (SQLException e) {
                // Whether it was committed nobody knows: its number is not used again, and the list is asked at the
                // end.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void append(Connection connection, String match, String incident) throws SQLException {
        Set<String> seen = incidents(connection, match);
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into touchline.incident (match, id, type) values (?, ?, 'corner')")) {
            insert.setString(1, match);
            insert.setString(2, incident);
            insert.executeUpdate();
        }
        connection.commit();
        appended.getOrDefault(match, new ConcurrentHashMap<>()).put(incident, seen);
    }

    private static Set<String> incidents(Connection connection, String match) throws SQLException {
        Set<String> ids = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement("select id from touchline.incident where match = ?")) {
            select.setString(1, match);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
        }
        return ids;
    }

    /** What is there in the end, by match. */
    Map<String, Set<String>> inTheDatabase() throws SQLException {
        Map<String, Set<String>> all = new ConcurrentHashMap<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl, "touchline_operator", "")) {
            for (String match : matches) {
                all.put(match, incidents(connection, match));
            }
        }
        return all;
    }

    /** The incidents among these cells. */
    static Set<String> shown(Set<String> cells) {
        Set<String> ids = new HashSet<>();
        for (String cell : cells) {
            if (cell.startsWith(INCIDENTS)) {
                String id = cell.substring(INCIDENTS.length());
                ids.add(id);
            }
        }
        return ids;
    }

    /** Of all that was shown at one moment, what is shown without something that it had seen. */
    List<String> outOfOrder(String match, Set<String> shown) {
        List<String> wrong = new ArrayList<>();
        Map<String, Set<String>> before = appended.getOrDefault(match, Map.of());
        for (String incident : shown) {
            Set<String> seen = before.get(incident);
            if (seen != null && !shown.containsAll(seen)) {
                Set<String> lacking = new HashSet<>(seen);
                lacking.removeAll(shown);
                wrong.add(match + " shows " + incident + " without " + lacking);
            }
        }
        return wrong;
    }

    @Override
    public void close() {
        end();
    }

    /** Nothing more is written. */
    void end() {
        closed = true;
        for (Thread writer : writers) {
            try {
                writer.join(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
