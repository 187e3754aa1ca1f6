package touchline.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command lines of everything that runs on Java, as an installation's scripts would put them together. */
final class Programs {

    private static final String RESULT = "BASH_JAVA_UTILS_EXEC_RESULT:";

    private final Path directory;
    private final String flinkJars;
    private String ownClassPath = "";

    Programs(Path directory) {
        this.directory = directory;
        this.flinkJars = text(Roots.built("cluster/target/flink.classpath")).strip();
    }

    Path conf() {
        return directory.resolve("conf");
    }

    /** What a program said, on both outputs, and its exit code. */
    record Answer(int exit, String output) {}

    /** A program of Flink's; of ours, its {@code lib} has the jobs' libraries and how JobManagers watch each other. */
    List<String> flink(String name, List<String> jvm, String main, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(java());
        words.addAll(jvm);
        words.addAll(options("env.java.opts.all"));
        words.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
        words.add("-Dlog.file=" + directory.resolve(name + ".log"));
        words.add("-Dlog4j.configurationFile=" + conf().resolve("log4j.properties"));
        List<String> classPath = new ArrayList<>(List.of(flinkJars));
        builtForLib().forEach(jar -> classPath.add(inLib(jar)));
        words.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), main));
        words.addAll(arguments);
        return words;
    }

    /** What of ours every Flink process has in its {@code lib}. */
    static List<Path> builtForLib() {
        return List.of(
                Roots.built("jobs/target/touchline-libraries.jar"),
                Roots.built("takeover/target/touchline-takeover.jar"));
    }

    private synchronized String inLib(Path built) {
        Path copy = directory.resolve("lib").resolve(built.getFileName());
        return (Files.exists(copy) ? copy : copied(built, "")).toString();
    }

    /** Any other program, on this JVM's class path. */
    List<String> java(String heap, String logging, String main, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(
                java(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + directory.resolve("tmp"),
                "-Dlog4j2.configurationFile=classpath:" + logging,
                "-cp",
                classPath(),
                main));
        words.addAll(arguments);
        return words;
    }

    /**
     * What {@code ./touchline} runs with, with copies of all that a build would replace: a cluster runs on while its project
     * is built anew. Directories first: the project's own classes win over jars.
     */
    private synchronized String classPath() {
        if (ownClassPath.isEmpty()) {
            List<Path> all = new ArrayList<>(List.of(Roots.built("cluster/target/classes")));
            for (String entry :
                    text(Roots.built("cluster/target/classpath")).strip().split(File.pathSeparator, -1)) {
                all.add(Path.of(entry));
            }
            List<String> entries = new ArrayList<>();
            for (boolean directories : new boolean[] {true, false}) {
                for (Path path : all) {
                    if (Files.isDirectory(path) == directories) {
                        boolean ours = path.startsWith(Roots.root().toAbsolutePath());
                        entries.add((ours ? copied(path, entries.size() + "-") : path).toString());
                    }
                }
            }
            ownClassPath = String.join(File.pathSeparator, entries);
        }
        return ownClassPath;
    }

    private Path copied(Path from, String prefix) {
        Path to = directory.resolve("lib").resolve(prefix + from.getFileName());
        try (Stream<Path> files = Files.walk(from)) {
            Files.createDirectories(to.getParent());
            for (Path file : files.toList()) {
                // With its time, by which a JVM knows whether an archive of classes is of this very jar.
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException("copying " + from, e);
        }
    }

    /** JVM options first, then arguments: what Flink reckons from its memory settings. */
    List<List<String>> resources(String command) {
        Answer answer = run(
                command.toLowerCase(java.util.Locale.ROOT),
                flink(
                        command,
                        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
                        "org.apache.flink.runtime.util.bash.BashJavaUtils",
                        List.of(command, "--configDir", conf().toString())),
                60);
        List<List<String>> lines = answer.output()
                .lines()
                .filter(line -> line.startsWith(RESULT))
                .map(line ->
                        Arrays.asList(line.substring(RESULT.length()).strip().split("\\s+")))
                .toList();
        if (answer.exit() != 0 || lines.size() != 2) {
            throw new IllegalStateException("Flink cannot reckon its memory (" + command + "): " + answer.output());
        }
        return lines;
    }

    /** The {@code flink} command. */
    Answer flinkCommand(String name, List<String> arguments) {
        return run(
                name,
                flink(
                        name,
                        concat(List.of("-Xmx256m"), options("env.java.opts.client")),
                        "org.apache.flink.client.cli.CliFrontend",
                        arguments),
                120);
    }

    /** The words of a setting that holds JVM options. */
    List<String> options(String key) {
        StringBuilder value = new StringBuilder();
        boolean inside = false;
        for (String line : text(conf().resolve("config.yaml")).lines().toList()) {
            if (line.startsWith(key + ":")) {
                inside = true;
                value.append(line.substring(key.length() + 1).replace(">-", ""));
            } else if (inside && line.startsWith("  ")) {
                value.append(line);
            } else {
                inside = false;
            }
        }
        return value.isEmpty()
                ? List.of()
                : Arrays.asList(value.toString().strip().split("\\s+"));
    }

    Answer run(String name, List<String> command, int seconds) {
        Path output = directory.resolve(name + ".out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().put("FLINK_CONF_DIR", conf().toString());
        try {
            Process process = builder.start();
            try {
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(
                            name + " has not ended within " + seconds + " s: " + text(output) + "; see " + directory);
                }
            } finally {
                process.destroyForcibly();
            }
            return new Answer(process.exitValue(), text(output));
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    static List<String> concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static String java() {
        return ofJdk("java");
    }

    /** @param name as {@code jcmd} */
    static String ofJdk(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
