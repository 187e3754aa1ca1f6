package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The directory of one installation: settings in {@code conf}, data and logs beside it. */
record Workplace(Path directory) {

    Path conf() {
        return directory.resolve("conf");
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Empty but for what every process needs. */
    void prepare() {
        clear(directory);
        made(conf());
        made(file("tmp"));
    }

    /** Settings as they are shipped in {@code deploy}, and below them what those leave to the machine. */
    Path settings(String name, String shipped, List<String> more) {
        try {
            return write(name, Files.readString(Roots.root().resolve("deploy").resolve(shipped)), more);
        } catch (IOException e) {
            throw new UncheckedIOException("deploy/" + shipped, e);
        }
    }

    Path write(String name, String text, List<String> more) {
        try {
            String tail = more.isEmpty() ? "" : String.join("\n", more) + "\n";
            return Files.writeString(conf().resolve(name), text + tail);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + name, e);
        }
    }

    static Path made(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException("making " + path, e);
        }
    }

    /** Empties a directory. */
    static void clear(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> old = Files.walk(directory)) {
            for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("emptying " + directory, e);
        }
    }
}
