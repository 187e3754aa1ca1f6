package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The machine says in every golden scenario what is written there. */
class ScenarioTest {

    static Stream<Arguments> scenarios() {
        return Scenario.all().stream().map(scenario -> arguments(scenario.name(), scenario));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void saysWhatIsWritten(String name, Scenario scenario) throws IOException {
        List<String> said = scenario.play();
        if (Boolean.getBoolean("touchline.scenarios.write")) {
            Files.writeString(scenario.out(), String.join("\n", said) + "\n");
        }
        List<String> expected = scenario.expected();
        for (int i = 0; i < Math.min(said.size(), expected.size()); i++) {
            assertThat(said.get(i))
                    .as("%s line %d: %s", name, i + 1, scenario.sentence())
                    .isEqualTo(expected.get(i));
        }
        assertThat(said).hasSameSizeAs(expected);
    }
}
