package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The jobs as they were at an earlier commit, built from it once. */
final class EarlierJar {

    private static final long BUILD_MINUTES = 20;

    private EarlierJar() {}

    /** There is none here, for the reason that it tells. */
    static final class NoneException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoneException(String message) {
            super(message);
        }
    }

    /**
     * @param from as git names it
     * @throws NoneException when it cannot be had: no git, no such commit, or it does not build
     */
    static Path of(String from) {
        Path home = Workplace.made(Roots.root().resolve("target").resolve("earlier"));
        Path output = home.resolve("build.log");
        String root = Roots.root().toString();
        run(output, List.of("git", "-C", root, "rev-parse", "--short=12", from + "^{commit}"), "no commit " + from);
        String commit = text(output).strip();
        Path jar = home.resolve(commit + ".jar");
        if (Files.exists(jar)) {
            return jar;
        }
        Path sources = home.resolve(commit);
        Path packed = home.resolve(commit + ".tar");
        Workplace.clear(sources);
        Workplace.made(sources);
        run(output, List.of("git", "-C", root, "archive", "--format=tar", "-o", packed.toString(), commit), "archive");
        run(output, List.of("tar", "-xf", packed.toString(), "-C", sources.toString()), "tar");
        run(
                output,
                List.of(
                        "mvn",
                        "-q",
                        "-B",
                        "-f",
                        sources.resolve("pom.xml").toString(),
                        "-DskipTests",
                        "-Dspotless.check.skip=true",
                        "-pl",
                        "jobs",
                        "-am",
                        "package"),
                commit + " does not build");
        try {
            Files.move(sources.resolve("jobs/target/touchline-jobs.jar"), jar, StandardCopyOption.REPLACE_EXISTING);
            Workplace.clear(sources);
            Files.delete(sources);
            Files.delete(packed);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar of " + commit, e);
        }
        return jar;
    }

    private static void run(Path output, List<String> words, String failing) {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            try {
                if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                    throw new NoneException("an earlier version cannot be had: " + failing + ": "
                            + text(output).lines().limit(5).toList());
                }
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new NoneException("an earlier version cannot be had: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
