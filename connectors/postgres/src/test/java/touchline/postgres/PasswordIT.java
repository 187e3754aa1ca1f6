package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import touchline.config.Settings;
import touchline.sandbox.FlinkServer;

/** A server that insists on a password. */
class PasswordIT {

    private static final String PASSWORD = "s3cret of the reader";

    @Test
    void thePasswordIsUsedAndStandsInNoLog(@TempDir Path directory) throws Exception {
        StringWriter log = new StringWriter();
        try (OperatorsDatabase database = OperatorsDatabase.start();
                FlinkServer flink = FlinkServer.start(0)) {
            insistOnPasswords(database);
            PostgresSettings wrong = settings(database, Files.writeString(directory.resolve("wrong"), "another"));
            assertThatThrownBy(() -> DatabaseCheck.verify(wrong))
                    .hasMessageContaining("password authentication failed")
                    .hasMessageNotContaining("another");
            PostgresSettings right = settings(database, Files.writeString(directory.resolve("right"), PASSWORD));
            DatabaseCheck.verify(right);
            logInto(log);
            try (Reading reading = Reading.start(flink, right)) {
                reading.awaitStreaming();
            } finally {
                Configurator.reconfigure();
            }
        }
        assertThat(log.toString()).contains("PostgresConnectorConfig is").doesNotContain(PASSWORD);
    }

    private static void insistOnPasswords(OperatorsDatabase database) throws Exception {
        database.superuser("alter role touchline_cdc password '" + PASSWORD + "'");
        Path rules = Path.of(database.one("show hba_file"));
        Files.writeString(rules, "host all touchline_cdc 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
        database.query("select pg_reload_conf()");
        touchline.sandbox.Await.until("the server to insist", java.time.Duration.ofSeconds(30), () -> {
            try {
                database.connectAs("touchline_cdc").close();
                return false;
            } catch (java.sql.SQLException e) {
                return true;
            }
        });
    }

    private static PostgresSettings settings(OperatorsDatabase database, Path password) {
        return new Settings(Map.of(
                        "postgres.port",
                        Integer.toString(database.server().port()),
                        "postgres.password",
                        "file:" + password))
                .as(PostgresSettings.class, "postgres");
    }

    private static void logInto(StringWriter log) {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        WriterAppender appender = WriterAppender.newBuilder()
                .setName("memory")
                .setTarget(log)
                .setLayout(
                        PatternLayout.newBuilder().withPattern("%c{1} %m%n%ex").build())
                .build();
        appender.start();
        for (String name :
                new String[] {"org.apache.flink.cdc", "io.debezium", "com.zaxxer.hikari", "org.postgresql"}) {
            LoggerConfig logger = new LoggerConfig(name, Level.DEBUG, false);
            logger.addAppender(appender, Level.DEBUG, null);
            context.getConfiguration().removeLogger(name);
            context.getConfiguration().addLogger(name, logger);
        }
        context.updateLoggers();
    }
}
