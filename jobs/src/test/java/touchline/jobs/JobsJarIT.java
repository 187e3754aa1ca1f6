package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import touchline.postgres.Captured;

/** What {@code flink run} is given. */
class JobsJarIT {

    private static final Path JAR = Path.of("target/touchline-jobs.jar");
    private static final String LOCATOR = "io/debezium/connector/postgresql/connection/WalPositionLocator.class";

    @Test
    void holdsOurSearchForTheResumePointAndNotDebeziums() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile());
                InputStream packed = jar.getInputStream(jar.getJarEntry(LOCATOR));
                InputStream ours = Captured.class.getClassLoader().getResourceAsStream(LOCATOR)) {
            assertThat(ours).isNotNull();
            assertThat(packed.readAllBytes()).isEqualTo(ours.readAllBytes());
        }
    }

    @Test
    void holdsBothJobsAndWhatTheyReadAtRunTimeButNeitherFlinkNorSignatures() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(JarEntry::getName).toList();
            assertThat(names)
                    .contains(
                            "touchline/jobs/MarketJob.class",
                            "touchline/jobs/IngestJob.class",
                            "touchline/jobs/StateFiles.class",
                            "touchline/redis/apply.lua",
                            "META-INF/services/java.sql.Driver",
                            "org/apache/kafka/clients/producer/KafkaProducer.class")
                    .doesNotHaveDuplicates()
                    .noneMatch(name -> name.startsWith("org/apache/flink/streaming/api/environment/"))
                    .noneMatch(name -> name.startsWith("org/apache/flink/core/memory/"))
                    .noneMatch(name -> name.startsWith("org/slf4j/"))
                    .noneMatch(name -> name.startsWith("touchline/sandbox/"))
                    .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA)"));
        }
    }

    /** A class of both parts would be loaded twice, and one of neither be missing. */
    @Test
    void itsTwoPartsAreTheWholeAndShareNothing() throws IOException {
        Set<String> whole = classes("touchline-jobs.jar");
        Set<String> libraries = classes("touchline-libraries.jar");
        Set<String> thin = classes("touchline-jobs-thin.jar");

        assertThat(thin).isNotEmpty().allMatch(name -> name.startsWith("touchline/"));
        assertThat(libraries).contains(LOCATOR).noneMatch(name -> name.startsWith("touchline/"));
        Set<String> both = new TreeSet<>(libraries);
        both.addAll(thin);
        assertThat(both).isEqualTo(whole);
    }

    private static Set<String> classes(String name) throws IOException {
        try (JarFile jar = new JarFile(JAR.resolveSibling(name).toFile())) {
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(entry -> entry.endsWith(".class"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
