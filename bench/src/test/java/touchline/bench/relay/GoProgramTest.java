package touchline.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without any Go: scripts take its place. */
class GoProgramTest {

    @TempDir
    Path root;

    @BeforeEach
    void sources() throws IOException {
        Files.createDirectories(root.resolve("bench/centrifuge"));
    }

    @Test
    void takesTheFirstGoOnThePath() throws Exception {
        Path go = go("exit 0");

        assertThat(GoProgram.go("/nowhere::" + go.getParent())).isEqualTo(go);
    }

    @Test
    void saysWhereToGetGoWhenThereIsNone() {
        assertThatThrownBy(() -> GoProgram.go("/nowhere:" + root))
                .isInstanceOf(GoProgram.Unavailable.class)
                .hasMessageContaining("https://go.dev/dl")
                .message()
                .hasLineCount(1);
    }

    @Test
    void buildsIntoTheTargetDirectory() throws Exception {
        Path program = GoProgram.build(root, go("test \"$1\" = build && echo made > \"$3\""));

        assertThat(program)
                .isEqualTo(root.resolve("target/centrifuge/centrifuge"))
                .content()
                .isEqualTo("made\n");
    }

    @Test
    void saysInOneLineWhyItCouldNotBeBuiltAndWhatToDo() throws Exception {
        Path go = go("echo 'go: downloading'; echo 'go: no such host' >&2; exit 1");

        assertThatThrownBy(() -> GoProgram.build(root, go))
                .isInstanceOf(GoProgram.Unavailable.class)
                .hasMessageContaining("go: no such host")
                .hasMessageContaining("go env GOPROXY")
                .message()
                .hasLineCount(1);
    }

    private Path go(String script) throws IOException {
        Path go = root.resolve("go");
        Files.writeString(go, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwx------"));
    }
}
