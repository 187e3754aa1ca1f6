package touchline.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One JVM of a Flink cluster, its output in a file of its own. */
final class FlinkProcess {

    /** What Flink's distribution gives each of its JVMs for Java 17 ({@code env.java.opts.all}). */
    private static final List<String> OPENED = List.of(
            "--add-exports=java.base/sun.net.util=ALL-UNNAMED",
            "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
            "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.text=ALL-UNNAMED",
            "--add-opens=java.base/java.time=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED");

    private final String name;
    private final Process process;
    private final Path output;
    private final Path log;

    /**
     * @param name of its log, beside its output
     * @param jvm heap and whatever else this one needs
     */
    FlinkProcess(String name, String classPath, Path directory, List<String> jvm, String main, List<String> arguments) {
        this.name = name;
        this.output = directory.resolve(name + ".out");
        this.log = directory.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        // Starting matters more than speed, yet analysts' queries, each compiled anew, fill the room that goes with
        // that; the metaspace
        // is bounded as the distribution bounds it.
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=240m",
                "-XX:MaxMetaspaceSize=256m"));
        command.addAll(OPENED);
        command.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
        command.add("-Dlog.file=" + log);
        command.add("-Dlog4j.configurationFile=" + directory.resolve("conf/log4j.properties"));
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment()
                .putAll(Map.of("FLINK_CONF_DIR", directory.resolve("conf").toString()));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + name, e);
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        await(10);
    }

    void freeze() {
        Signal.send("STOP", process);
    }

    void thaw() {
        Signal.send("CONT", process);
    }

    /** @return its exit code */
    int await(int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        name + " (pid " + pid() + ") has not ended within " + seconds + " s: " + said());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    /** Its standard output and error so far. */
    String said() {
        return text(output);
    }

    String logged() {
        return text(log);
    }

    /** Why it ended, as far as it said. */
    String complaint() {
        String logged = logged();
        int error = logged.indexOf(" ERROR ");
        return said() + (error < 0 ? "" : logged.substring(error, Math.min(logged.length(), error + 4_000)));
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
