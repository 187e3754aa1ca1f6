package touchline.bench.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The relay's process. */
final class RelayProcess implements Server, AutoCloseable {

    private static final String MAIN = "touchline.relay.Relay";

    private final List<String> options;
    private final List<String> arguments = new ArrayList<>();
    private final Path log;
    private final int port = freePort();
    private final int adminPort = freePort();
    private Child child;

    /** Starts it, and waits until it is ready. */
    RelayProcess(String redis, List<String> options, Map<String, String> set, Path log) {
        this.options = options;
        this.log = log;
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "relay.port", Integer.toString(port),
                "relay.adminPort", Integer.toString(adminPort),
                "redis.uri", redis));
        settings.putAll(set);
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        child = start();
        awaitReady();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public long pid() {
        return child.pid();
    }

    void kill() {
        child.close();
    }

    /** Starts it again on its port, after {@link #kill}; does not wait. */
    void startAgain() {
        child = start();
    }

    void awaitReady() {
        Pause.until("the relay, see " + log, Duration.ofSeconds(30), this::isReady);
    }

    private Child start() {
        return new Child(options, MAIN, arguments, log, false);
    }

    private boolean isReady() {
        if (!child.process().isAlive()) {
            throw new IllegalStateException("the relay ended at once, see " + log);
        }
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/v1/matches?match=bench:0")
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(500);
            connection.setReadTimeout(500);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void collect() {
        jcmd("GC.run");
        Pause.millis(1000);
    }

    /** Begins to sample what it does. */
    void profile() {
        jcmd("JFR.start", "name=bench", "settings=profile");
    }

    /** Ends that; {@code jfr view hot-methods FILE} (JDK 21) or JDK Mission Control shows what was found. */
    void profiled(Path file) {
        jcmd("JFR.stop", "name=bench", "filename=" + file.toAbsolutePath());
    }

    private void jcmd(String... words) {
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid())));
            command.addAll(List.of(words));
            Process jcmd = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            jcmd.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("jcmd of the JDK", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("a free port", e);
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
