package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The classes that a process of Flink's has loaded, as a file that the next one maps into its memory instead of reading,
 * verifying and parsing thousands of them from jars: a worker that has only just started takes tasks over in a third of the time.
 * The JVM itself sees to it that it is of the same JVM and the same jars, and does without where it is not.
 */
enum ClassArchive {
    WORKER("taskmanager"),
    JOB_MANAGER("jobmanager");

    private static final int SECONDS = 120;

    private final String parts;

    ClassArchive(String parts) {
        this.parts = parts;
    }

    /** Beside the cluster's directory, which every start empties. */
    private Path file() {
        return Roots.run().toAbsolutePath().resolve(parts + ".jsa");
    }

    /** What the JVM is told; a file that is not there means nothing to it. */
    String option() {
        return "-XX:SharedArchiveFile=" + file();
    }

    /** Whether all were made after the jars were. */
    static boolean areThere() {
        try {
            for (ClassArchive one : values()) {
                if (!Files.exists(one.file())) {
                    return false;
                }
                for (Path jar : Programs.builtForLib()) {
                    if (Files.getLastModifiedTime(one.file()).compareTo(Files.getLastModifiedTime(jar)) < 0) {
                        return false;
                    }
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("looking for archives of classes in " + Roots.run(), e);
        }
    }

    /**
     * Made from what the running processes have loaded, some ten seconds each; for those that start afterwards.
     *
     * @throws IllegalStateException when the JVM cannot: what it said
     */
    static void make(Standing standing, Consumer<String> progress) {
        Programs programs = new Programs(Standing.directory().toAbsolutePath());
        for (ClassArchive one : values()) {
            Part part = one.busiest(standing);
            Path made = one.file().resolveSibling(one.parts + ".jsa.new");
            Programs.Answer answer = programs.run(
                    "archive-" + one.parts,
                    List.of(
                            Programs.ofJdk("jcmd"),
                            Long.toString(part.pid()),
                            "VM.cds",
                            "static_dump",
                            made.toString()),
                    SECONDS);
            if (answer.exit() != 0 || !Files.exists(made)) {
                throw new IllegalStateException("no archive of the classes of " + part.name() + ": " + answer.output());
            }
            one.replace(made);
            progress.accept("classes of " + part.name() + ": " + one.file());
        }
    }

    /** Another process may have mapped the old one: its file stays, under no name. */
    private void replace(Path made) {
        try {
            Files.move(made, file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("moving " + made, e);
        }
    }

    /** Of several the one with the longest log: a JobManager that does not lead has loaded little. */
    private Part busiest(Standing standing) {
        return standing.parts(parts).stream()
                .filter(Part::isUp)
                .max(Comparator.comparingLong(part -> part.log().toFile().length()))
                .orElseThrow(() -> new IllegalStateException("no " + parts + " is up: see ./touchline cluster status"));
    }
}
