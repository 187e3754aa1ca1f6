package touchline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import touchline.audit.Speech;

/** The command, as far as it breaks nothing. */
class ChaosTest {

    private final StringWriter said = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = Speech.commandLine(new Chaos());
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(said));
        return line.execute(arguments);
    }

    @Test
    void listsEveryFaultWithWhatItDoes() {
        assertThat(run("--list")).isZero();
        assertThat(said.toString().lines()).hasSameSizeAs(Fault.all());
        for (Fault fault : Fault.all()) {
            assertThat(said.toString()).contains(fault.word() + " ", fault.title());
        }
    }

    @Test
    void noTwoFaultsHaveOneName() {
        List<String> words = Fault.all().stream().map(Fault::word).toList();
        assertThat(words).doesNotHaveDuplicates().allMatch(word -> word.matches("[a-z0-9-]+"));
    }

    @Test
    void aFaultThatIsUnknownIsRefusedWithThoseThatAreKnown() {
        assertThat(run("--fault", "taskmanager-kil")).isEqualTo(2);
        assertThat(said.toString()).contains("--fault taskmanager-kil", "taskmanager-kill");
    }

    @Test
    void recordingsThatAreNotThereAreRefusedBeforeAnythingIsStarted() {
        assertThat(run("--fault", "poison", "--recordings", "/nowhere")).isEqualTo(2);
        assertThat(said.toString()).contains("--recordings /nowhere");
    }
}
