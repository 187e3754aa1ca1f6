package touchline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import touchline.audit.Speech;

/** The installation that {@code ./touchline cluster up} starts, and the cheapest of what {@code ./touchline chaos} does to it. */
class ClusterIT {

    private static final List<Fault> FAULTS =
            List.of(Death.RELAY_KILL, Death.REDIS_WIPE, Death.TASKMANAGER_KILL, Death.JOBMANAGER_KILL);

    @TempDir
    private Path run;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Thread hook;

    private final StringWriter said = new StringWriter();

    @BeforeEach
    void here() {
        System.setProperty("touchline.run", run.toString());
        hook = Standing.endsWithThisJvm();
    }

    @AfterEach
    void elsewhere() {
        if (Standing.exists()) {
            Standing.read().down();
        }
        System.clearProperty("touchline.run");
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    @Test
    void comesUpKeepsItsPromisesWhateverIsBrokenAndLeavesNothingRunning() {
        List<String> steps = Collections.synchronizedList(new ArrayList<>());
        Standing standing = Assembly.up(Plan.usual(2, Load.simulated(8, 10), Map.of()), steps::add);
        assertThat(steps).hasSizeGreaterThan(JobCommand.JOBS.size());
        assertThat(cluster("status")).as(said.toString()).isZero();
        assertThat(cluster("archive")).as(said.toString()).isZero();
        try (Scene scene = new Scene(standing)) {
            for (Fault fault : FAULTS) {
                assertThat(Trial.of(scene, fault).broken()).as(fault.title()).isEmpty();
            }
        }
        assertThat(standing.parts("taskmanager")).as("one was started anew").anyMatch(ClusterIT::hasMappedItsClasses);
        assertThat(standing.parts("jobmanager"))
                .as("the dead one's session was ended, and did not run out")
                .anyMatch(one -> log(one).contains("event=peer-ended"));
        assertThat(Path.of("").toAbsolutePath()).isDirectoryNotContaining("glob:**java_pid*");
        List<Part> parts = standing.parts();
        assertThat(parts).hasSizeGreaterThan(10).allMatch(Part::isUp);
        assertThat(cluster("down")).isZero();
        assertThat(parts).noneMatch(Part::isUp);
        assertThat(cluster("status")).isEqualTo(2);
        assertThat(said.toString()).contains("no cluster stands here");
    }

    private static boolean hasMappedItsClasses(Part worker) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(worker.pid()), "maps"))
                    .contains("/taskmanager.jsa");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String log(Part part) {
        try {
            return Files.readString(part.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int cluster(String command) {
        CommandLine line = Speech.commandLine(new Cluster());
        line.setOut(new PrintWriter(said, true));
        line.setErr(new PrintWriter(said, true));
        return line.execute(command);
    }
}
