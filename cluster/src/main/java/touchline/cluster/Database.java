package touchline.cluster;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The operators' PostgreSQL: made once with the shipped schema, then a server process like any other. */
final class Database {

    static final String NAME = "postgres";

    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "wal_level=logical",
            "synchronous_commit=on",
            "max_connections=200",
            "max_replication_slots=30",
            "max_wal_senders=30",
            "max_slot_wal_keep_size=1GB",
            // A reader that froze or died silently holds its slot for so long; the default is a minute.
            "wal_sender_timeout=5s",
            "timezone=UTC");

    private Database() {}

    /** @return the command that serves it */
    static List<String> make(Path data, int port) {
        Path programs = Roots.root().resolve("target/embedded-pg-cluster");
        forgetHalfUnpacked(programs);
        System.setProperty("ot.epg.working-dir", programs.toString());
        try (EmbeddedPostgres first = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("wal_level", "logical")
                .setServerConfig("fsync", "off")
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling("postgres.out").toFile()))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling("postgres.out").toFile()))
                .start()) {
            for (String file : List.of("schema.sql", "roles.sql", "publication.sql")) {
                apply(jdbcUrl(first.getPort()), Files.readString(Roots.root().resolve("deploy/postgres/" + file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL could not be set up in " + data, e);
        } catch (SQLException e) {
            throw new IllegalStateException("the schema of deploy/postgres was refused: " + e.getMessage(), e);
        }
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to serve as root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program(programs).toString(), "-D", data.toString(), "-p", Integer.toString(port)));
        SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
        return command;
    }

    /** A start that was broken off leaves programs that no later one could unpack over. */
    private static void forgetHalfUnpacked(Path programs) {
        if (!Files.isDirectory(programs)) {
            return;
        }
        try (Stream<Path> made = Files.list(programs)) {
            for (Path one : made.filter(Files::isDirectory)
                    .filter(directory -> !Files.exists(directory.resolve(".exists")))
                    .toList()) {
                try (Stream<Path> files = Files.walk(one)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("clearing " + programs, e);
        }
    }

    static String jdbcUrl(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + NAME;
    }

    static void apply(String jdbcUrl, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static boolean answers(String jdbcUrl) {
        try {
            apply(jdbcUrl, "select 1");
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static Path program(Path programs) {
        try (Stream<Path> made = Files.list(programs)) {
            return made.map(one -> one.resolve("bin/postgres"))
                    .filter(Files::isExecutable)
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .orElseThrow(() -> new IllegalStateException("no postgres program below " + programs));
        } catch (IOException e) {
            throw new UncheckedIOException("looking for postgres below " + programs, e);
        }
    }
}
