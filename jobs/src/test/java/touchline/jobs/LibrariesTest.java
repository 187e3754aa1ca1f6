package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Jobs and libraries of two builds do not run together. */
class LibrariesTest {

    private static final String NEEDED = "kafka=2\nnetty=1\n";

    @Test
    void thoseOfThisBuildAreTheRightOnes() {
        assertThatCode(Libraries::check).doesNotThrowAnyException();
        assertThatCode(() -> Libraries.check(NEEDED, NEEDED + "more=1\n")).doesNotThrowAnyException();
    }

    @Test
    void anOlderLibraryIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> Libraries.check(NEEDED, "kafka=1\nnetty=1\n"))
                .hasStackTraceContaining("does not have kafka=2. Put the touchline-libraries.jar");
    }

    @Test
    void aJarWithoutAListIsRefused() {
        assertThatThrownBy(() -> Libraries.check(NEEDED, null)).hasStackTraceContaining("no list of what is in it");
        assertThatThrownBy(() -> Libraries.check(null, NEEDED)).hasStackTraceContaining("the jobs' jar has no list");
    }
}
