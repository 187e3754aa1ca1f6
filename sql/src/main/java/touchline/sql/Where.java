package touchline.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Touchline is asked: the running demo, the standing cluster, or what a file tells of. */
final class Where {

    @Option(
            names = "--endpoints",
            paramLabel = "FILE",
            description =
                    "what a demo or a cluster tells of itself (default: the running demo's, or the standing cluster's)")
    private @Nullable Path endpoints;

    Installation installation() {
        return Installation.read(endpoints == null ? usual() : endpoints);
    }

    private static Path usual() {
        Path demo = run().resolve("endpoints.json");
        Path cluster = run().resolve("cluster.json");
        return !Files.exists(demo) && Files.exists(cluster) ? cluster : demo;
    }

    static Path run() {
        return Path.of(Objects.requireNonNullElse(System.getProperty("touchline.run"), "target/run"));
    }
}
