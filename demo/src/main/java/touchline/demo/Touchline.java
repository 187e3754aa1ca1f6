package touchline.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import touchline.audit.AuditCommand;
import touchline.audit.Speech;

/** The commands behind {@code ./touchline} that run in Java. A failure is one sentence that says what to do. */
@Command(
        name = "touchline",
        subcommands = {Demo.class, AuditCommand.class, Psql.class, RedisPrompt.class})
public final class Touchline {

    private Touchline() {}

    public static void main(String[] args) {
        logTo(run().resolve("demo-" + ProcessHandle.current().pid() + ".log"));
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return Speech.commandLine(new Touchline());
    }

    /** Where a run keeps its log and tells others its addresses. */
    static Path run() {
        @Nullable String given = System.getProperty("touchline.run");
        return given == null ? Path.of("target", "run") : Path.of(given);
    }

    /** The project's directory, which holds {@code deploy}. */
    static Path root() {
        @Nullable String given = System.getProperty("touchline.root");
        if (given != null) {
            return Path.of(given);
        }
        Path here = Path.of("").toAbsolutePath();
        while (!here.resolve("deploy").toFile().isDirectory()) {
            Path parent = here.getParent();
            if (parent == null) {
                throw new IllegalStateException("the directory deploy is not here or above: start with ./touchline");
            }
            here = parent;
        }
        return here;
    }

    /** Before the first logger is made. */
    private static void logTo(Path file) {
        if (System.getProperty("touchline.log") == null) {
            System.setProperty("touchline.log", file.toString());
        }
    }
}
