package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
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
}
