package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DictionaryTest {

    @Test
    void thePageIsTheOneThatTheTablesMake() throws IOException {
        Path file = Objects.requireNonNull(Scenarios.directory().getParent())
                .resolve("docs")
                .resolve("tables.md");
        String made = Dictionary.page();
        if (Boolean.getBoolean("touchline.tables.write")) {
            Files.writeString(file, made);
        }
        assertThat(file)
                .content()
                .as("%s; CONTRIBUTING says how to write it anew", file)
                .isEqualTo(made);
    }
}
