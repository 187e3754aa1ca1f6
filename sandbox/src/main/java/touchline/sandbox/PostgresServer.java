package touchline.sandbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A real PostgreSQL 17 on 127.0.0.1, ready for logical replication, whose data go with it. Commits are synchronous as
 * in production; only the flush to disk is left out, since nothing here survives the machine. Cancel what reads a
 * replication slot before closing: the server waits for connected readers for some seconds.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String DATABASE = "postgres";

    private final TempDirectory directory;
    private final EmbeddedPostgres postgres;

    private PostgresServer(TempDirectory directory, EmbeddedPostgres postgres) {
        this.directory = directory;
        this.postgres = postgres;
    }

    /** @param port 0 for a free one */
    public static PostgresServer start(int port) {
        TempDirectory directory = TempDirectory.create("postgres");
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setPort(FreePort.or(port))
                    .setDataDirectory(directory.path().resolve("data"))
                    .setCleanDataDirectory(true)
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("max_replication_slots", "30")
                    .setServerConfig("max_wal_senders", "30")
                    .setServerConfig("max_slot_wal_keep_size", "512MB")
                    .setServerConfig("timezone", "UTC")
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setErrorRedirector(ProcessBuilder.Redirect.appendTo(
                            directory.path().resolve("postgres.log").toFile()))
                    .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                            directory.path().resolve("postgres.log").toFile()))
                    .start();
            return new PostgresServer(directory, postgres);
        } catch (IOException | RuntimeException e) {
            IllegalStateException told = new IllegalStateException(remedy(directory.path(), e), e);
            directory.close();
            throw told;
        }
    }

    public int port() {
        return postgres.getPort();
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + DATABASE;
    }

    public String database() {
        return DATABASE;
    }

    /** A superuser. */
    public String user() {
        return "postgres";
    }

    /** Any will do: connections from this machine are trusted. */
    public String password() {
        return "postgres";
    }

    /** A connection of the superuser's; the caller closes it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user(), password());
    }

    /** Runs SQL, which may be many statements, as the superuser in one implicit transaction. */
    public void apply(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("SQL was refused: " + e.getMessage(), e);
        }
    }

    /** Runs a file of SQL. */
    public void apply(Path file) {
        try {
            apply(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not stop; is something still reading a slot?", e);
        } finally {
            directory.close();
        }
    }

    private static String remedy(Path directory, Exception cause) {
        String log;
        try {
            log = Files.readString(directory.resolve("postgres.log")).strip();
        } catch (IOException e) {
            log = "";
        }
        String root = System.getProperty("user.name").equals("root")
                ? " PostgreSQL refuses to run as root; it was started through `unshare -U`, which this system may forbid:"
                        + " run as an ordinary user, or allow user namespaces (sysctl user.max_user_namespaces above 0, and"
                        + " kernel.unprivileged_userns_clone=1 where there is one)."
                : "";
        return "PostgreSQL did not start: " + cause.getMessage() + "." + root
                + (log.isEmpty() ? "" : " It said: " + log);
    }
}
