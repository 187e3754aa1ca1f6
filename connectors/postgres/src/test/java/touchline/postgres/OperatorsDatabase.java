package touchline.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import touchline.config.Settings;
import touchline.sandbox.PostgresServer;

/** A real server with the schema, roles and publication that are shipped. */
final class OperatorsDatabase implements AutoCloseable {

    private final PostgresServer server;

    private OperatorsDatabase(PostgresServer server) {
        this.server = server;
    }

    static OperatorsDatabase start() {
        PostgresServer server = PostgresServer.start(0);
        for (String file : List.of("schema.sql", "roles.sql", "publication.sql")) {
            server.apply(shipped(file));
        }
        return new OperatorsDatabase(server);
    }

    /** A file of deploy/postgres, found upwards of the working directory. */
    static Path shipped(String file) {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null) {
            Path found = directory.resolve("deploy/postgres").resolve(file);
            if (Files.exists(found)) {
                return found;
            }
            directory = directory.getParent();
        }
        throw new IllegalStateException(
                "deploy/postgres/" + file + " is not above " + Path.of("").toAbsolutePath());
    }

    /** For the role of least privilege. */
    PostgresSettings settings(String slot) {
        return new Settings(Map.of("postgres.port", Integer.toString(server.port()), "postgres.slot", slot))
                .as(PostgresSettings.class, "postgres");
    }

    Connection connectAs(String role) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), role, "");
    }

    PostgresServer server() {
        return server;
    }

    /** As an operator, in one transaction. */
    void operator(String... statements) throws SQLException {
        run("touchline_operator", statements);
    }

    /** As the superuser, in one transaction. */
    void superuser(String... statements) throws SQLException {
        run(server.user(), statements);
    }

    private void run(String role, String... statements) throws SQLException {
        try (Connection connection = connectAs(role);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    /** The first column of every row, as text. */
    List<String> query(String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(String.valueOf(rows.getString(1)));
            }
            return found;
        }
    }

    String one(String sql) throws SQLException {
        List<String> rows = query(sql);
        if (rows.size() != 1) {
            throw new IllegalStateException(rows.size() + " rows instead of one: " + sql);
        }
        return rows.get(0);
    }

    void dropSlot(String slot) throws SQLException {
        touchline.sandbox.Await.until("slot " + slot + " to be free", java.time.Duration.ofSeconds(20), () -> {
            try {
                return query("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '"
                                        + slot + "' and not active")
                                .size()
                        == 1;
            } catch (SQLException e) {
                return false;
            }
        });
    }

    @Override
    public void close() {
        server.close();
    }
}
