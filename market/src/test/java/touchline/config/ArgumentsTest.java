package touchline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentsTest {

    /** What may be set here. */
    record Lamp(
            @Setting(value = "white", help = "Its colour.") String colour,
            @Setting(value = "", help = "Where it hangs.") List<String> places) {}

    @Test
    void ofTheFileAndTheLineTheLaterWins(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("lamp.properties"), "lamp.colour=red\nlamp.places=bow\n");
        Settings settings = Arguments.settings("--config", file.toString(), "--set", "lamp.colour=green=blue");
        assertThat(settings.as(Lamp.class, "lamp")).isEqualTo(new Lamp("green=blue", List.of("bow")));
    }

    @Test
    void whatItDoesNotKnowIsRefusedAsSuch() {
        refuses("unknown argument --lamp.colour=red. usage:", "--lamp.colour=red");
        refuses("unknown argument --colour. usage:", "--colour", "red");
        refuses("--set needs a value. usage:", "--set");
        refuses("--set lamp: key=value is needed", "--set", "lamp");
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithTheReason(@TempDir Path directory) {
        refuses(
                "--config " + directory.resolve("none") + ": cannot be read (java.nio.file.NoSuchFileException",
                "--config",
                directory.resolve("none").toString());
    }

    private static void refuses(String start, String... args) {
        assertThatThrownBy(() -> Arguments.settings(args))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(start);
    }
}
