package touchline.postgres;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import touchline.config.Secret;
import touchline.config.Setting;

/** Where the operators' database is and how it is read; prefix {@code postgres}. Holds no secret, only where it is. */
public record PostgresSettings(
        @Setting(value = "127.0.0.1", help = "host of the operators' database, itself and not a pooler")
        String host,

        @Setting(value = "5432", help = "its port") int port,

        @Setting(value = "postgres", help = "the database that holds the schema touchline")
        String database,

        @Setting(value = "touchline_cdc", help = "a role with REPLICATION, see deploy/postgres/roles.sql")
        String user,

        @Setting(
                value = "",
                help = "its password, as env:NAME or file:PATH on every machine of the cluster; empty for none")
        Secret password,

        @Setting(value = "prefer", help = "disable, allow, prefer, require, verify-ca or verify-full (use this one)")
        String sslMode,

        @Setting(
                value = "",
                help = "file of the certificate authority, on every machine of the cluster; empty for the JVM's own")
        String sslRootCert,

        @Setting(
                value = "touchline",
                help = "replication slot; made when missing, and to be dropped by hand at the end")
        String slot,

        @Setting(value = "touchline", help = "publication of exactly the captured tables")
        String publication,

        @Setting(
                value = "2",
                help = "ms that the idle reader sleeps: half of the added latency; 2 costs half a core, 10 a tenth")
        int pollMs,

        @Setting(value = "1", help = "changes handed on at once; more than 1 makes each wait pollMs for others")
        int batch,

        @Setting(value = "1000", help = "ms between heartbeats; also how often the slot's health is read")
        int heartbeatMs,

        @Setting(
                value = "5000",
                help = "ms between two looks at the tables for what the change stream should have brought; 0 for none")
        int reconcileMs,

        @Setting(value = "10000", help = "ms after which an attempt to connect, or a heartbeat, has failed")
        int timeoutMs)
        implements Serializable {

    /** The names of {@link #driverProperties}. */
    static final List<String> DRIVER_PROPERTIES =
            List.of("sslmode", "sslrootcert", "authenticationPluginClassName", PasswordFrom.WHERE, "socketTimeout");

    private static final String SOCKET_SECONDS = "30";

    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    public PostgresSettings {
        require(!host.isBlank(), "host is empty");
        require(port >= 1 && port <= 65_535, "port=" + port + " must be within 1..65535");
        require(!database.isBlank(), "database is empty");
        require(!user.isBlank(), "user is empty");
        require(SSL_MODES.contains(sslMode), "sslMode=" + sslMode + " must be one of " + SSL_MODES);
        require(slot.matches("[a-z0-9_]{1,63}"), "slot=" + slot + " must be lower case letters, digits and '_'");
        require(publication.matches("[a-z0-9_]{1,63}"), "publication=" + publication + " must be like a slot's name");
        require(pollMs >= 1 && pollMs <= 1_000, "pollMs=" + pollMs + " must be within 1..1000");
        require(batch >= 1 && batch <= 2_048, "batch=" + batch + " must be within 1..2048");
        require(
                heartbeatMs >= 100 && heartbeatMs <= 60_000,
                "heartbeatMs=" + heartbeatMs + " must be within 100..60000");
        require(
                reconcileMs == 0 || (reconcileMs >= 100 && reconcileMs <= 3_600_000),
                "reconcileMs=" + reconcileMs + " must be 0 or within 100..3600000");
        require(timeoutMs >= 1_000 && timeoutMs <= 120_000, "timeoutMs=" + timeoutMs + " must be within 1000..120000");
    }

    String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** What every connection to the database needs, whoever opens it. Says where the password is and not what. */
    Map<String, String> driverProperties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("sslmode", sslMode);
        // Else a connection that the network has forgotten is waited on for ever. Long, for a slot is made only when
        // every
        // transaction has ended that was there before; what streams is not concerned.
        properties.put("socketTimeout", SOCKET_SECONDS);
        if (!sslRootCert.isEmpty()) {
            properties.put("sslrootcert", sslRootCert);
        }
        if (password.isPresent()) {
            properties.put("authenticationPluginClassName", PasswordFrom.class.getName());
            properties.put(PasswordFrom.WHERE, password.where());
        }
        return properties;
    }

    /** For a connection of our own. */
    Properties jdbcProperties() {
        Properties properties = new Properties();
        properties.putAll(driverProperties());
        properties.setProperty("user", user);
        int seconds = Math.max(1, timeoutMs / 1_000);
        properties.setProperty("connectTimeout", Integer.toString(seconds));
        properties.setProperty("loginTimeout", Integer.toString(seconds));
        properties.setProperty("socketTimeout", Integer.toString(seconds));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "touchline");
        return properties;
    }

    /**
     * By the driver itself, not by the JVM's registry of drivers: that one has only what was there when it was first asked, and a
     * worker that runs a job again loads the job's classes again.
     */
    Connection connect() throws SQLException {
        Connection connection = driver().connect(jdbcUrl(), jdbcProperties());
        if (connection == null) {
            throw new SQLException(jdbcUrl() + " is no address of a PostgreSQL");
        }
        return connection;
    }

    private static Driver driver() {
        try {
            return Class.forName("org.postgresql.Driver")
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("PostgreSQL's driver is not in the jobs' jar", e);
        }
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint);
        }
    }
}
