package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The process of {@link Bare}, as the one who measures sees it. */
final class BareProcess implements AutoCloseable {

    private final Child child;
    private final BufferedReader out;
    private final PrintStream in;
    private final int port;

    BareProcess(Clock clock, int matches, List<String> options, Path log) throws IOException {
        child = new Child(
                options,
                Bare.class.getName(),
                List.of(Long.toString(clock.origin()), Integer.toString(matches)),
                log,
                true);
        out = new BufferedReader(new InputStreamReader(child.process().getInputStream(), UTF_8));
        in = new PrintStream(child.process().getOutputStream(), true, UTF_8);
        port = Integer.parseInt(Fleet.word(answer(), "port"));
    }

    int port() {
        return port;
    }

    long pid() {
        return child.pid();
    }

    /** Says what to send and when; {@link #answer} comes when all is sent. */
    void run(long start, int together, int calls, int seconds) {
        in.println("run start=" + start + " together=" + together + " calls=" + calls + " seconds=" + seconds);
    }

    Map<String, String> answer() throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("answer")) {
                return Fleet.words(line);
            }
        }
        throw new IOException("the bare server's process ended");
    }

    @Override
    public void close() {
        child.close();
    }
}
