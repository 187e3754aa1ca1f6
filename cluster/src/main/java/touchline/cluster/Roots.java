package touchline.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the project's files are, and where a run keeps its own. */
final class Roots {

    private Roots() {}

    /** The project's directory, which holds {@code deploy}. */
    static Path root() {
        @Nullable String given = System.getProperty("touchline.root");
        if (given != null) {
            return Path.of(given);
        }
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            if (Files.isDirectory(up.resolve("deploy"))) {
                return up;
            }
        }
        throw new IllegalStateException("the directory deploy is not here or above: start with ./touchline");
    }

    static Path run() {
        @Nullable String given = System.getProperty("touchline.run");
        return given == null ? root().resolve("target").resolve("run") : Path.of(given);
    }

    /** @throws IllegalStateException when it has not been built */
    static Path built(String file) {
        Path path = root().resolve(file);
        if (!Files.exists(path)) {
            throw new IllegalStateException(
                    path + " is not there: build it with ./touchline cluster up, or mvn package");
        }
        return path;
    }
}
