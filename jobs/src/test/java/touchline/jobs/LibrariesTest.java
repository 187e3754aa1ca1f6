package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Jobs and libraries of two builds do not run together. */
class LibrariesTest {

    private static final String NEEDED =
            "The following files have been resolved:\n   a:kafka:jar:2:compile\n   b:netty:jar:1:compile\n";

    @Test
    void thoseOfThisBuildAreTheRightOnes() {
        assertThatCode(Libraries::check).doesNotThrowAnyException();
        assertThatCode(() -> Libraries.check(NEEDED, NEEDED + "   c:more:jar:1:compile\n"))
                .doesNotThrowAnyException();
    }

    @Test
    void anOlderLibraryIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> Libraries.check(NEEDED, "   a:kafka:jar:1:compile\n   b:netty:jar:1:compile\n"))
                .hasStackTraceContaining("does not have a:kafka:jar:2:compile. Put the touchline-libraries.jar");
    }

    @Test
    void aJarWithoutAListIsRefused() {
        assertThatThrownBy(() -> Libraries.check(NEEDED, null)).hasStackTraceContaining("no list of what is in it");
        assertThatThrownBy(() -> Libraries.check(null, NEEDED)).hasStackTraceContaining("the jobs' jar has no list");
    }
}
