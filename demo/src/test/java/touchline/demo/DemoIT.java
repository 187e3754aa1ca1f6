package touchline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {

    @TempDir
    private Path dir;

    @Test
    void keepsEveryPromiseOverSimulatedMatches() throws Exception {
        Path summary = dir.resolve("summary.json");
        StringWriter out = new StringWriter();

        int status = Touchline.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute("demo", "--for", "20s", "--headless", "--matches", "12", "--summary", summary.toString());

        assertThat(status).as("%s", out).isZero();
        JsonNode json = new ObjectMapper().readTree(Files.readString(summary));
        assertThat(json.path("brokenPromises")).as("%s", out).isEmpty();
        assertThat(json.path("positionsChecked").asLong()).isGreaterThan(0);
        assertThat(json.path("feedRecords").asLong()).isGreaterThan(0);
        assertThat(json.path("auditHashesCompared").asLong()).isGreaterThan(0);
        for (String fault : new String[] {"gaps", "repeats", "stepsBack", "checksumMismatches", "auditDifferences"}) {
            assertThat(json.path(fault).asLong(-1)).as(fault).isZero();
        }
    }

    @Test
    void namesAPortThatIsTakenBeforeAnythingIsStarted() throws Exception {
        StringWriter out = new StringWriter();

        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int status = Touchline.commandLine()
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(out, true))
                    .execute("demo", "--headless", "--for", "1s", "--kafka-port", "" + taken.getLocalPort());

            assertThat(status).isEqualTo(2);
            assertThat(out.toString())
                    .contains("--kafka-port " + taken.getLocalPort() + ": something else listens")
                    .doesNotContain("Starting");
        }
    }
}
