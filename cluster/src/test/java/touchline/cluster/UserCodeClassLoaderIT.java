package touchline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.util.ChildFirstClassLoader;
import org.junit.jupiter.api.Test;

/** Which search for the resume point a worker loads: a cluster may have Debezium in {@code lib}, too. */
class UserCodeClassLoaderIT {

    private static final String LOCATOR = "io.debezium.connector.postgresql.connection.WalPositionLocator";

    @Test
    void loadsOursThoughTheClusterHasDebeziumsInLib() throws Exception {
        try (URLClassLoader cluster = cluster();
                URLClassLoader job = new ChildFirstClassLoader(
                        new URL[] {url(Installation.JAR)},
                        cluster,
                        CoreOptions.getParentFirstLoaderPatterns(new Configuration()),
                        error -> {})) {
            assertThat(cameFrom(cluster)).contains("debezium-connector-postgres");
            assertThat(cameFrom(job)).endsWith("touchline-jobs.jar");
            verify(job);
        }
    }

    @Test
    void findsOursAmongTheLibrariesThatTheClusterKeeps() throws Exception {
        try (URLClassLoader cluster = cluster(Installation.LIBRARIES);
                URLClassLoader job = new ChildFirstClassLoader(
                        new URL[] {url(Installation.THIN_JAR)},
                        cluster,
                        CoreOptions.getParentFirstLoaderPatterns(new Configuration()),
                        error -> {})) {
            assertThat(cameFrom(job)).endsWith("touchline-libraries.jar");
            verify(job);
        }
    }

    @Test
    void refusesDebeziumsWhereTheClusterLoadsItsOwnFirst() throws Exception {
        try (URLClassLoader cluster = cluster();
                URLClassLoader job = new URLClassLoader(new URL[] {url(Installation.JAR)}, cluster)) {
            assertThatThrownBy(() -> verify(job)).hasMessageContaining("it loses rows at restarts");
        }
    }

    private static String cameFrom(ClassLoader loader) throws ClassNotFoundException {
        return Class.forName(LOCATOR, false, loader)
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
    }

    /** What the job does before it reads. */
    private static void verify(ClassLoader loader) throws Exception {
        try {
            Class.forName("touchline.postgres.WalPositionLocatorCheck", true, loader)
                    .getMethod("verify")
                    .invoke(null);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Flink, and Debezium's own jar. */
    private static URLClassLoader cluster() throws IOException {
        String debezium = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.contains("debezium-connector-postgres-"))
                .findFirst()
                .orElseThrow();
        return cluster(debezium);
    }

    /** Flink, and one jar more in {@code lib}. */
    private static URLClassLoader cluster(String more) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String entry : Installation.classPath().split(File.pathSeparator, -1)) {
            urls.add(url(entry));
        }
        urls.add(url(more));
        return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String path) throws MalformedURLException {
        return Path.of(path).toUri().toURL();
    }
}
