package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import touchline.sandbox.Await;
import touchline.sandbox.FreePort;

/**
 * One process of the cluster: how it was started, so that it can be started again, and which process that was. It is only
 * ever signalled while the process of that id is the one that was started.
 *
 * @param started ms UTC by the process table; 0 for one that was never started
 * @param port where it listens; 0 for one that only connects
 * @param log what it says, for people
 * @param stop the signal by which it ends well
 */
record Part(String name, long pid, long started, int port, Path log, String stop, List<String> command) {

    private static final int TAIL = 25;
    private static final int WIDTH = 240;

    Part {
        command = List.copyOf(command);
    }

    static Part of(String name, int port, Path log, List<String> command) {
        return new Part(name, 0, 0, port, log, "TERM", command);
    }

    Part stoppedBy(String signal) {
        return new Part(name, pid, started, port, log, signal, command);
    }

    /**
     * The same, running: in a session of its own, so that no terminal's Ctrl-C and no end of this JVM reaches it, and in the cluster's
     * directory, where a JVM leaves what it writes of its own accord.
     */
    Part start() {
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(command);
        Path output = log.resolveSibling(name + ".out");
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(Objects.requireNonNull(log.getParent()).toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment()
                .putAll(Map.of("FLINK_CONF_DIR", log.resolveSibling("conf").toString()));
        try {
            Process process = builder.start();
            long since =
                    process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
            return new Part(name, process.pid(), since, port, log, stop, command);
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + name + ": is setsid there (util-linux)?", e);
        }
    }

    boolean isUp() {
        return process().isPresent();
    }

    private Optional<ProcessHandle> process() {
        return pid == 0
                ? Optional.empty()
                : ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .filter(handle -> handle.info()
                                        .startInstant()
                                        .map(Instant::toEpochMilli)
                                        .orElse(0L)
                                == started);
    }

    /** Returns when the condition holds; complains when it ends before, or takes too long. */
    void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Assembly.PATIENCE.toNanos();
        Await.until(name + " that " + what, Assembly.PATIENCE.plusSeconds(30), () -> {
            if (!isUp()) {
                throw complaint("has ended before it " + what);
            }
            if (System.nanoTime() > deadline) {
                throw complaint(
                        "has not come so far that it " + what + " within " + Assembly.PATIENCE.toSeconds() + " s");
            }
            return condition.getAsBoolean();
        });
    }

    void awaitPort() {
        await("listens", () -> !FreePort.isFree(port));
    }

    /** SIGSTOP, to it and to whatever it has started: nothing is closed, nothing answers. */
    void freeze() {
        all("STOP");
    }

    /** Ends {@link #freeze}. */
    void thaw() {
        all("CONT");
    }

    private void all(String signal) {
        signal(signal);
        process().ifPresent(one -> one.descendants().forEach(child -> send(signal, child.pid())));
    }

    /** @param signal as {@code KILL}, {@code TERM} */
    void signal(String signal) {
        if (isUp()) {
            send(signal, pid);
        }
    }

    private void send(String signal, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("kill -" + signal + " " + pid + " (" + name + ") does not return");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("signalling " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** SIGKILL; returns when it is gone. */
    void kill() {
        signal("KILL");
        Await.until("the end of " + name, Duration.ofSeconds(10), () -> !isUp());
    }

    /** Why it does not run, as far as it said: its log's last lines. */
    IllegalStateException complaint(String what) {
        StringBuilder text = new StringBuilder(name + " (pid " + pid + ") " + what + "; its log is " + log);
        for (Path file : List.of(log.resolveSibling(name + ".out"), log)) {
            List<String> lines = tail(file);
            if (!lines.isEmpty()) {
                text.append("\n--- the end of ").append(file.getFileName());
                lines.forEach(line -> text.append('\n').append(line, 0, Math.min(line.length(), WIDTH)));
            }
            if (file.equals(log)) {
                break;
            }
        }
        return new IllegalStateException(text.toString());
    }

    private static List<String> tail(Path file) {
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            return lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
        } catch (IOException e) {
            return List.of("(cannot be read: " + e.getMessage() + ")");
        }
    }
}
