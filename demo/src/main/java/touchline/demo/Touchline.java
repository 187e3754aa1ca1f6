package touchline.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import touchline.audit.AuditCommand;

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
        return new CommandLine(new Touchline())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println("touchline: " + words(e));
                    return 2;
                });
    }

    /** The messages of an exception and its causes, each once. */
    static String words(Throwable e) {
        StringBuilder words = new StringBuilder();
        String before = "";
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            if (!before.contains(message)) {
                words.append(words.isEmpty() ? "" : "\n  because: ").append(message);
                before = message;
            }
        }
        return words.toString();
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
