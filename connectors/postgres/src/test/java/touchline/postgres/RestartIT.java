package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import touchline.postgres.RestartTrials.Way;
import touchline.sandbox.FlinkServer;

/** No row is lost at a restart; with Debezium's own class most restarts lose one. {@code -Dtouchline.repeats=50} to be sure. */
class RestartIT {

    private static final int REPEATS = Integer.getInteger("touchline.repeats", 3);

    private static OperatorsDatabase database;
    private static FlinkServer flink;

    @BeforeAll
    static void startServers() {
        database = OperatorsDatabase.start();
        flink = FlinkServer.start(0);
    }

    @AfterAll
    static void stopServers() {
        flink.close();
        database.close();
    }

    @ParameterizedTest
    @EnumSource
    void theFirstRowAfterARestartIsNotLost(Way way) throws Exception {
        assertThat(RestartTrials.lost(database, flink, way, false, 1, REPEATS)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void notEvenOnDebeziumsHeartbeats(Way way) throws Exception {
        assertThat(RestartTrials.lost(database, flink, way, true, 1, REPEATS)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"SAVEPOINT, false", "SAVEPOINT, true", "WALSENDER, true"})
    void noRowOfACopyIsLost(Way way, boolean debeziumHeartbeats) throws Exception {
        assertThat(RestartTrials.lost(database, flink, way, debeziumHeartbeats, 5, REPEATS))
                .isZero();
    }

    @Test
    void debeziumsOwnClassLosesRowsAndIsRefused(@TempDir Path directory) throws Exception {
        // Some 16 of 20 lose a row: that none of five does is one chance in 3,000.
        int repeats = Math.max(5, REPEATS);
        String said = trialsWithDebeziumsOwnClass(directory, repeats);
        said.lines().filter(line -> line.contains("TRIAL")).forEach(System.out::println);
        assertThat(said)
                .contains(
                        "TRIAL check=refused io.debezium.connector.postgresql.connection.WalPositionLocator was loaded from");
        Matcher lost = Pattern.compile("lost=(\\d+)").matcher(said);
        assertThat(lost.find()).as(said).isTrue();
        assertThat(Integer.parseInt(lost.group(1))).isPositive();
    }

    private static String trialsWithDebeziumsOwnClass(Path directory, int repeats)
            throws IOException, InterruptedException {
        List<String> classPath = new ArrayList<>(
                Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator)));
        String debezium = classPath.stream()
                .filter(entry -> entry.contains("debezium-connector-postgres-"))
                .findFirst()
                .orElseThrow();
        // Flink CDC patches other classes of this jar: it must stay before it, and only this class come first.
        Path original = directory.resolve("io/debezium/connector/postgresql/connection");
        Files.createDirectories(original);
        classPath.add(0, directory.toString());
        try (java.util.jar.JarFile jar = new java.util.jar.JarFile(debezium)) {
            for (String name : List.of("WalPositionLocator.class", "WalPositionLocator$1.class")) {
                try (var in = jar.getInputStream(jar.getEntry("io/debezium/connector/postgresql/connection/" + name))) {
                    Files.copy(in, original.resolve(name));
                }
            }
        }
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx768m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        RestartTrials.class.getName(),
                        Integer.toString(repeats))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(repeats * 100L + 120, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }
}
