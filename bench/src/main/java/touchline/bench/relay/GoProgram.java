package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Builds the Go program in {@code bench/centrifuge}, when it is not built already, with the Go of this machine. */
final class GoProgram {

    private static final Path SOURCES = Path.of("bench", "centrifuge");

    /** Where the archive of go.dev is unpacked to. */
    private static final String INSTALLED = "/usr/local/go/bin";

    private GoProgram() {}

    /** What it needs is not there; the message is one line that says what to do. */
    static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message);
        }
    }

    /** @return the program, in {@code target} of the project */
    static Path build() throws IOException, InterruptedException, Unavailable {
        return build(root(), go(System.getenv().getOrDefault("PATH", "") + ":" + INSTALLED));
    }

    static Path build(Path root, Path go) throws IOException, InterruptedException, Unavailable {
        Path directory = Files.createDirectories(root.resolve("target").resolve("centrifuge"));
        Path program = directory.resolve("centrifuge");
        Path log = directory.resolve("build.log");
        System.out.println("building " + SOURCES + " with " + go + " (longer the first time: its modules are fetched)");
        // Go itself knows whether there is anything to do.
        int status = new ProcessBuilder(go.toString(), "build", "-o", program.toString(), ".")
                .directory(root.resolve(SOURCES).toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new Unavailable("Go could not build " + SOURCES + " (" + last(Files.readString(log, UTF_8))
                    + "): it needs Go 1.26 or later and a module proxy, see `go env GOPROXY`; all it said is in "
                    + log);
        }
        return program;
    }

    /** @param path directories, as the variable of that name lists them */
    static Path go(String path) throws Unavailable {
        return Stream.of(path.split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "go"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new Unavailable(
                        "no Go found: install Go 1.26 or later (https://go.dev/dl) and put it on PATH"));
    }

    private static Path root() throws Unavailable {
        for (Path at = Path.of(System.getProperty("touchline.root", "")).toAbsolutePath();
                at != null;
                at = at.getParent()) {
            if (Files.exists(at.resolve(SOURCES).resolve("go.mod"))) {
                return at;
            }
        }
        throw new Unavailable("no " + SOURCES + " here: run it in a checkout of the project");
    }

    private static String last(String log) {
        List<String> lines = log.strip().lines().toList();
        return lines.isEmpty() ? "without a word" : lines.get(lines.size() - 1);
    }
}
