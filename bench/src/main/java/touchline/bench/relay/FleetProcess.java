package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The crowd's process, as the one who measures sees it. */
final class FleetProcess implements AutoCloseable {

    /** What a subscription selects: every match. */
    static final String ALL = "{\"all\":true}";

    private final Child child;
    private final BufferedReader out;
    private final BufferedWriter in;
    private int clients;

    FleetProcess(Clock clock, Path log) {
        this(clock, log, Dialect.RELAY);
    }

    FleetProcess(Clock clock, Path log, Dialect dialect) {
        child = new Child(
                List.of("-Xms512m", "-Xmx2g", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError"),
                Fleet.class.getName(),
                List.of(Long.toString(clock.origin()), dialect.name()),
                log,
                true);
        out = new BufferedReader(new InputStreamReader(child.process().getInputStream(), UTF_8));
        in = new BufferedWriter(new OutputStreamWriter(child.process().getOutputStream(), UTF_8));
    }

    long pid() {
        return child.pid();
    }

    int clients() {
        return clients;
    }

    /** Adds clients until there are so many, and waits until each has all that it selected; returns how long that took. */
    double grow(int to, List<Integer> ports, String select, int spread, String rest) {
        long begun = System.nanoTime();
        if (to > clients) {
            ask("grow count=" + (to - clients) + " ports="
                    + ports.stream().map(String::valueOf).collect(Collectors.joining(",")) + " select=" + select
                    + " spread=" + spread + " rest=" + rest);
            clients = to;
        }
        awaitReady(to, Duration.ofMinutes(2));
        return (System.nanoTime() - begun) / 1e9;
    }

    void awaitReady(int count, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (ready() < count) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "of " + count + " clients " + ready() + " are ready; " + report().words("ends"));
            }
            Pause.millis(20);
        }
    }

    int ready() {
        return Integer.parseInt(Fleet.word(ask("ready"), "ready"));
    }

    /** Counts anew; times are recorded of what was meant to be sent from then to then, in us. */
    void record(long from, long to, long gap) {
        ask("record from=" + from + " to=" + to + " gap=" + gap);
    }

    Report report() {
        return new Report(ask("report"));
    }

    void died(long at) {
        ask("died at=" + at);
    }

    /** This share of the clients reads nothing from now on; the others read. */
    void slow(int percent) {
        ask("slow percent=" + percent);
    }

    /** Whoever reads nothing reads once. */
    void trickle() {
        ask("trickle");
    }

    /** How many clients hold just what the file says. */
    int equal(Path expected) {
        return Integer.parseInt(Fleet.word(ask("compare file=" + expected.toAbsolutePath()), "equal"));
    }

    private synchronized Map<String, String> ask(String line) {
        try {
            in.write(line);
            in.newLine();
            in.flush();
            for (String answer = out.readLine(); answer != null; answer = out.readLine()) {
                if (answer.startsWith("answer")) {
                    return Fleet.words(answer);
                }
            }
            throw new IllegalStateException("the fleet's process ended");
        } catch (IOException e) {
            throw new UncheckedIOException("asking the fleet: " + line, e);
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
