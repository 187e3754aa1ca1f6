package touchline.update;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The sums in {@code scenarios/checksums.json} are the contract between languages; they were not made by this code. */
class ChecksumVectorsTest {

    @Test
    void agreesWithEveryOtherLanguage() throws IOException {
        JsonNode vectors = new ObjectMapper().readTree(vectors().toFile());
        assertThat(vectors.size()).isGreaterThan(20);
        for (JsonNode vector : vectors) {
            Map<String, String> cells = new TreeMap<>();
            vector.get("cells")
                    .properties()
                    .forEach(cell -> cells.put(cell.getKey(), cell.getValue().textValue()));
            assertThat(Checksum.hex(Checksum.of(cells)))
                    .as("%s", cells)
                    .isEqualTo(vector.get("sum").textValue());
        }
    }

    private static Path vectors() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("scenarios/checksums.json"))) {
            directory = directory.getParent();
        }
        assertThat(directory)
                .as("a directory above this one that has scenarios/checksums.json")
                .isNotNull();
        return directory.resolve("scenarios/checksums.json");
    }
}
