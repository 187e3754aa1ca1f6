package touchline.audit;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** How every command speaks to people: line by line as things happen, and of a failure in one sentence, with exit code 2. */
public final class Speech {

    private static final int FAILED = 2;

    private Speech() {}

    public static CommandLine commandLine(Object command) {
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println("touchline: " + words(e));
                    return FAILED;
                });
    }

    /** The messages of an exception and its causes, each once. */
    public static String words(Throwable e) {
        StringBuilder words = new StringBuilder();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            if (words.indexOf(message) < 0) {
                words.append(words.isEmpty() ? "" : "\n  because: ").append(message);
            }
        }
        return words.toString();
    }

    /** Where a running command's words go. */
    public static PrintWriter out(@Nullable CommandSpec spec) {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    /** One whole line, at once, whoever else speaks. */
    public static void tell(PrintWriter out, String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }
}
