package touchline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands is known to other commands, and only that is ended. */
class StandingTest {

    @TempDir
    private Path run;

    @BeforeEach
    void here() {
        System.setProperty("touchline.run", run.toString());
    }

    @AfterEach
    void elsewhere() {
        System.clearProperty("touchline.run");
    }

    private Part sleeper() {
        return Part.of("sleeper", 0, run.resolve("sleeper.out"), List.of("sleep", "600"));
    }

    @Test
    void anotherCommandFindsWhatWasStartedAndEndsIt() {
        Standing standing = new Standing(Standing.file());
        standing.endpoint("redis", "somewhere");
        standing.settings(Map.of("market.generation", "2"));
        Part part = standing.start(sleeper());
        Standing found = Standing.read();
        assertThat(found.endpoint("redis")).isEqualTo("somewhere");
        assertThat(found.settings()).containsEntry("market.generation", "2");
        assertThat(found.part("sleeper")).isEqualTo(part).matches(Part::isUp);
        assertThat(found.down()).isEmpty();
        assertThat(part.isUp()).isFalse();
        assertThat(Standing.exists()).isFalse();
    }

    @Test
    void aFrozenProcessIsEndedToo() {
        Standing standing = new Standing(Standing.file());
        Part part = standing.start(sleeper());
        part.freeze();
        standing.down();
        assertThat(part.isUp()).isFalse();
    }

    @Test
    void aProcessThatOnlyHasTheNumberIsLeftAlone() throws IOException {
        Standing standing = new Standing(Standing.file());
        Part part = standing.start(sleeper());
        try {
            String told = Files.readString(Standing.file());
            Files.writeString(Standing.file(), told.replace(Long.toString(part.started()), "1"));
            Standing.read().down();
            assertThat(part.isUp()).isTrue();
        } finally {
            part.kill();
        }
    }
}
