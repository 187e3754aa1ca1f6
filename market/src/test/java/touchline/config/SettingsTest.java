package touchline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    /** A record of every type. */
    public record Boat(
            @Setting(value = "Bounty", help = "Its name.") String name,

            @Setting(value = "3", help = "How many masts.") int masts,

            @Setting(value = "9000000000", help = "How far it has gone.")
            long metres,

            @Setting(value = "true", help = "Does it float?")
            boolean floats,

            @Setting(value = "cook, mate", help = "Who is on board.")
            List<String> crew,

            @Setting(value = "", help = "What opens the chest.")
            Secret key) {
        public Boat {
            if (masts < 1) {
                throw new IllegalArgumentException("masts=" + masts + " must be at least 1");
            }
        }
    }

    /** It has no default. */
    public record Port(@Setting(help = "Where it lies.") String place) {}

    @Test
    void defaultsHoldWhereNothingIsSaid() {
        assertThat(boat(Map.of()))
                .isEqualTo(new Boat("Bounty", 3, 9_000_000_000L, true, List.of("cook", "mate"), Secret.NONE));
    }

    @Test
    void readsEveryType() {
        Map<String, String> values = Map.of(
                "boat.name",
                " Ark ",
                "boat.masts",
                " 2 ",
                "boat.metres",
                "-1",
                "boat.floats",
                "false",
                "boat.crew",
                ",a,, b ",
                "boat.key",
                "env:KEY");
        assertThat(boat(values)).isEqualTo(new Boat(" Ark ", 2, -1, false, List.of("a", "b"), new Secret("env:KEY")));
        assertThat(boat(Map.of("boat.crew", "")).crew()).isEmpty();
    }

    @Test
    void withoutAPrefixTheKeysAreTheNamesThemselves() {
        Settings settings = new Settings(Map.of("masts", "0", "flots", "true"));

        assertThat(new Settings(Map.of("masts", "2")).as(Boat.class, "").masts())
                .isEqualTo(2);
        assertThatThrownBy(() -> settings.as(Boat.class, "")).hasMessage("masts=0 must be at least 1");
        assertThat(Settings.describe(Boat.class, "").get(1)).startsWith("masts=3 ");
        settings.know(List.of("rig"));
        assertThatThrownBy(settings::refuseUnknown).hasMessage("unknown setting flots; did you mean floats?");
    }

    @Test
    void aValueOfAnotherTypeIsRefusedWithItsKeyAndHelp() {
        refuses(
                "boat.masts",
                "two",
                "boat.masts=two: a whole number of at most 2147483647 is needed",
                "How many masts.");
        refuses(
                "boat.masts",
                "9000000000",
                "boat.masts=9000000000: a whole number of at most 2147483647 is needed",
                "How many masts.");
        refuses("boat.metres", "1.5", "boat.metres=1.5: a whole number of at most", "How far it has gone.");
        refuses("boat.floats", "yes", "boat.floats=yes: a boolean is needed (true or false)", "Does it float?");
        refuses("boat.masts", "0", "boat.*: masts=0 must be at least 1", "");
    }

    private static void refuses(String key, String value, String start, String help) {
        assertThatThrownBy(() -> boat(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(start)
                .hasMessageEndingWith(help);
    }

    @Test
    void whatHasNoDefaultMustBeSet() {
        assertThatThrownBy(() -> new Settings(Map.of()).as(Port.class, "port"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port.place must be set: Where it lies.");
        assertThat(new Settings(Map.of("port.place", "Bristol")).as(Port.class, "port"))
                .isEqualTo(new Port("Bristol"));
    }

    @Test
    void anUnknownKeyIsRefusedAndTheNearestNamed() {
        Settings settings = new Settings(Map.of("boat.mast", "2", "boot.crew", "x", "boat.name", "Ark"));
        settings.as(Boat.class, "boat");
        assertThatThrownBy(settings::refuseUnknown)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown setting boat.mast; did you mean boat.masts?\n"
                        + "unknown setting boot.crew; did you mean boat.crew?");
    }

    @Test
    void whatIsLikeNothingIsNotGuessedAt() {
        Settings settings = new Settings(Map.of("weather", "fair"));
        settings.as(Boat.class, "boat");
        assertThatThrownBy(settings::refuseUnknown).hasMessage("unknown setting weather");
    }

    @Test
    void everyRecordThatWasAskedForMakesItsKeysKnown() {
        Settings settings = new Settings(Map.of("boat.name", "Ark", "port.place", "Bristol"));
        settings.as(Boat.class, "boat");
        assertThatThrownBy(settings::refuseUnknown).hasMessageContaining("port.place");
        settings.as(Port.class, "port");
        settings.refuseUnknown();
        assertThatThrownBy(new Settings(Map.of("x", "1"))::refuseUnknown)
                .hasMessageContaining("no settings are known here");
    }

    @Test
    void describesEveryKeyInOrder() {
        assertThat(Settings.describe(Boat.class, "boat")).hasSize(6).startsWith("boat.name=Bounty   # Its name.");
        assertThat(Settings.describe(Port.class, "port")).containsExactly("port.place=(required)   # Where it lies.");
    }

    @Test
    void aSecretIsNeverPrinted(@TempDir Path directory) throws IOException {
        Throwable refused = catchThrowable(() -> boat(Map.of("boat.key", "hunter2")));
        assertThat(refused).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("env:NAME or file:PATH");
        StringWriter trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace, true));
        assertThat(trace.toString()).doesNotContain("hunter2");

        Path file = Files.writeString(directory.resolve("key"), "hunter2\n");
        Boat boat = boat(Map.of("boat.key", "file:" + file));
        assertThat(boat.key().read()).isEqualTo("hunter2");
        assertThat(boat.toString()).doesNotContain("hunter2").contains("file:");
    }

    @Test
    void aSecretThatIsNotThereNamesItsPlace(@TempDir Path directory) {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> new Secret("file:" + missing).read())
                .hasMessageStartingWith("file:" + missing + ": cannot be read");
        assertThatThrownBy(() -> new Secret("env:TOUCHLINE_NOT_SET").read())
                .hasMessage("env:TOUCHLINE_NOT_SET: the environment variable is not set; export it");
        assertThatThrownBy(Secret.NONE::read).hasMessageStartingWith("no secret is configured");
        assertThat(Secret.NONE.isPresent()).isFalse();
    }

    private static Boat boat(Map<String, String> values) {
        return new Settings(values).as(Boat.class, "boat");
    }
}
