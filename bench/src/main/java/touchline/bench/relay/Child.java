package touchline.bench.relay;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of its own, most often a JVM for a main class of this class path; it ends with this one, unless this one is killed outright. */
final class Child implements AutoCloseable {

    private final Process process;
    private final Thread atExit;

    /** @param log where its errors go; its output too, unless that is to be read */
    Child(List<String> options, String main, List<String> arguments, Path log, boolean read) {
        this(java(options, main, arguments), Map.of(), log, read);
    }

    /** Another program; its output is to be read. */
    static Child of(Path program, List<String> arguments, Map<String, String> environment, Path log) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        return new Child(command, environment, log, true);
    }

    private Child(List<String> command, Map<String, String> environment, Path log, boolean read) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            File file = log.toFile();
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(file));
            builder.environment().putAll(environment);
            if (!read) {
                builder.redirectOutput(ProcessBuilder.Redirect.appendTo(file));
            }
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(command.get(0) + " could not be started", e);
        }
        atExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    private static List<String> java(List<String> options, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main);
        command.addAll(arguments);
        return command;
    }

    Process process() {
        return process;
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    private void await() {
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is already going down.
        }
    }
}
