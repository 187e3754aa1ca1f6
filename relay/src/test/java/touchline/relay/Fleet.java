package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The client library as it is, many of them in a process of Node's, at what {@code client/support/fleet.js} does. */
final class Fleet implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OLDEST = 20;
    private static final Path CLIENT = Path.of("..", "client").toAbsolutePath().normalize();

    private final Process process;
    private final BufferedWriter to;
    private final BufferedReader from;

    /** Skips the test where there is no Node. */
    Fleet(int seed, int clients, int port) {
        int version = version();
        assumeTrue(version >= OLDEST, "needs Node " + OLDEST + " or later on PATH, as `node`");
        ProcessBuilder start = new ProcessBuilder(
                "node",
                "--no-warnings",
                version < 22 ? "--experimental-websocket" : "--enable-source-maps",
                "support/fleet.js",
                "" + seed,
                "" + clients,
                "http://127.0.0.1:" + port + "/v1/stream");
        start.directory(CLIENT.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            process = start.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        to = process.outputWriter(UTF_8);
        from = process.inputReader(UTF_8);
        read();
    }

    private static int version() {
        try {
            for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
                Path node = Path.of(directory, "node");
                if (Files.isExecutable(node)) {
                    Process asked = new ProcessBuilder(node.toString(), "--version").start();
                    String version = asked.inputReader(UTF_8).readLine();
                    return version == null
                            ? 0
                            : Integer.parseInt(version.substring(1).split("\\.")[0]);
                }
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode ask(String question) {
        try {
            to.write(question + "\n");
            to.flush();
            return read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode read() {
        try {
            String line = from.readLine();
            if (line == null) {
                throw new IllegalStateException("the fleet has ended; what it said is above");
            }
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
