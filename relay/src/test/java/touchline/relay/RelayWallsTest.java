package touchline.relay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The walls of the relay: it has Redis, Netty and what market says, and nothing of what makes it. */
@AnalyzeClasses(packages = "touchline.relay", importOptions = DoNotIncludeTests.class)
class RelayWallsTest {

    @ArchTest
    static final ArchRule SEES_NEITHER_THE_JOBS_NOR_WHAT_WE_ARE_TOLD = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "touchline.relay..",
                    "touchline.redislink..",
                    "touchline.update..",
                    "touchline.config..",
                    "java..",
                    "javax.net.ssl..",
                    "io.lettuce..",
                    "io.netty..",
                    "io.prometheus..",
                    "com.fasterxml.jackson..",
                    "com.nimbusds..",
                    "org.jspecify..",
                    "org.slf4j..",
                    "picocli..");

    /** As the build resolved it, without what only tests need: they do have Flink, through the sandbox. */
    @Test
    void runsWithoutFlinkAndKafka() throws IOException {
        String classPath = Files.readString(Path.of("target/classpath"));
        List<String> parts = List.of(classPath.split(File.pathSeparator));
        assertThat(parts).anyMatch(part -> part.contains("lettuce-core"));
        assertThat(parts)
                .noneMatch(
                        part -> part.matches(".*/(org/apache/(flink|kafka)|(sandbox|jobs|connectors/\\w+)/target)/.*"));
    }
}
