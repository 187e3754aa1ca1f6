package touchline.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A real Redis 7 as a child process on 127.0.0.1, keeping nothing on disk and evicting nothing; another server where
 * the system property {@code touchline.redisServer} names its program. It can be killed, started again on its port with
 * no data, and frozen: what a test needs to lose. It ends with {@link #close} or with this JVM, unless that is killed
 * outright.
 */
public final class RedisServer implements AutoCloseable {

    private static final String VERSION = "7.0.15";
    private static final Duration START = Duration.ofSeconds(20);

    private final TempDirectory directory;
    private final int port;
    private final List<String> configuration;
    private final boolean sentinel;
    private final Thread atExit = new Thread(this::kill, "redis-at-exit");
    private Process process;

    private RedisServer(int port, List<String> configuration, boolean sentinel) {
        this.port = port;
        this.configuration = configuration;
        this.sentinel = sentinel;
        this.directory = TempDirectory.create("redis");
        try {
            this.process = launch();
            Runtime.getRuntime().addShutdownHook(atExit);
            awaitReady();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** @param port 0 for a free one */
    public static RedisServer start(int port) {
        return start(port, List.of());
    }

    /**
     * @param extra lines of redis.conf, which win over the ones given here, as {@code replicaof 127.0.0.1 7001},
     *     {@code cluster-enabled yes}, {@code user app on >secret ~tl:* +@all}, {@code tls-port 7443}. With
     *     {@code requirepass} or a limited default user, readiness is taken from any answer at all.
     */
    public static RedisServer start(int port, List<String> extra) {
        int free = FreePort.or(port);
        List<String> lines = new ArrayList<>(List.of(
                "port " + free,
                "bind 127.0.0.1",
                "save \"\"",
                "appendonly no",
                "maxmemory-policy noeviction",
                "daemonize no",
                "loglevel warning",
                "repl-diskless-sync-delay 0"));
        lines.addAll(extra);
        return new RedisServer(free, lines, false);
    }

    /** A sentinel that watches the given master and fails over quickly (down after half a second). */
    public static RedisServer startSentinel(
            int port, String masterName, int masterPort, int quorum, List<String> extra) {
        int free = FreePort.or(port);
        List<String> lines = new ArrayList<>(List.of(
                "port " + free,
                "bind 127.0.0.1",
                "daemonize no",
                "loglevel warning",
                "sentinel monitor " + masterName + " 127.0.0.1 " + masterPort + " " + quorum,
                "sentinel down-after-milliseconds " + masterName + " 500",
                "sentinel failover-timeout " + masterName + " 3000"));
        lines.addAll(extra);
        return new RedisServer(free, lines, true);
    }

    /** The program itself, for those who run it as a process of their own. */
    public static Path unpack(Path to) {
        try {
            Files.copy(Binary.PATH, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException("copying redis-server to " + to, e);
        }
    }

    public int port() {
        return port;
    }

    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /**
     * One command over a connection of its own, and the reply as text: integers in decimal, null as {@code (nil)},
     * arrays as their items' lines.
     *
     * @throws IllegalStateException when Redis answers an error
     */
    public String command(String... words) {
        return command(port, words);
    }

    /** The same of any Redis or Sentinel on loopback. */
    public static String command(int port, String... words) {
        try (RespConnection connection = new RespConnection(port)) {
            return connection.call(words);
        } catch (IOException e) {
            throw new UncheckedIOException("redis on port " + port, e);
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** SIGKILL: connections break, data is gone. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts it again on the same port, with no data, after {@link #kill} or while it still runs. */
    public void restartEmpty() {
        kill();
        directory.clear();
        process = launch();
        awaitReady();
    }

    /** Freezes the process (SIGSTOP): connections stay, nothing answers. */
    public void freeze() {
        Signal.send("STOP", process);
    }

    /** Ends {@link #freeze}. */
    public void thaw() {
        Signal.send("CONT", process);
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
        directory.close();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is already going down; the hook has nothing left to kill.
        }
    }

    private Process launch() {
        try {
            Path config = directory.path().resolve("redis.conf");
            List<String> lines = new ArrayList<>(configuration);
            lines.add(0, "dir " + directory.path());
            Files.write(config, lines);
            List<String> command = new ArrayList<>(List.of(Binary.PATH.toString(), config.toString()));
            if (sentinel) {
                command.add("--sentinel");
            }
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.path().resolve("redis.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("redis-server could not be started on port " + port, e);
        }
    }

    private void awaitReady() {
        Await.until("redis on port " + port, START, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        "redis on port " + port + " ended with " + process.exitValue() + ": " + log());
            }
            try (RespConnection connection = new RespConnection(port)) {
                return !connection.answer("PING").startsWith("-LOADING");
            } catch (IOException e) {
                return false;
            }
        });
    }

    private String log() {
        try {
            return Files.readString(directory.path().resolve("redis.log")).strip();
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** The executable, unpacked once per JVM. */
    private static final class Binary {
        static final Path PATH = unpack();

        private static Path unpack() {
            String other = System.getProperty("touchline.redisServer", "");
            if (!other.isEmpty()) {
                if (!Files.isExecutable(Path.of(other))) {
                    throw new IllegalStateException(
                            "touchline.redisServer=" + other + ": there is no program; name a redis-server's path");
                }
                return Path.of(other);
            }
            String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
            String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
            String name = "redis-server-" + VERSION + "-" + os + "-" + arch;
            try (InputStream in = RedisServer.class.getResourceAsStream("/" + name)) {
                if (in == null) {
                    throw new IllegalStateException(name
                            + " is not on the class path: org.signal:embedded-redis has no Redis for this machine; use "
                            + "Linux or macOS on x86-64 or ARM");
                }
                Path binary = Files.createTempFile("touchline-redis-server-", "");
                binary.toFile().deleteOnExit();
                Files.copy(in, binary, StandardCopyOption.REPLACE_EXISTING);
                if (!binary.toFile().setExecutable(true)) {
                    throw new IllegalStateException(binary + " cannot be made executable");
                }
                return binary;
            } catch (IOException e) {
                throw new UncheckedIOException("unpacking " + name, e);
            }
        }
    }
}
