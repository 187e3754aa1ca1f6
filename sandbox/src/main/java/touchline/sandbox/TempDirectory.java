package touchline.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory of a server's own that goes with it. */
record TempDirectory(Path path) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TempDirectory.class);

    static TempDirectory create(String server) {
        try {
            return new TempDirectory(Files.createTempDirectory("touchline-" + server + "-"));
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for " + server, e);
        }
    }

    /** Removes what is inside, or as much as can be: a server may still be writing. */
    void clear() {
        for (Path inside : inside()) {
            if (!inside.equals(path)) {
                remove(inside);
            }
        }
    }

    @Override
    public void close() {
        inside().forEach(TempDirectory::remove);
    }

    private List<Path> inside() {
        try (Stream<Path> walk = Files.walk(path)) {
            return walk.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("event=temp_directory_left path={} reason={}", path, e.toString());
            return List.of();
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("event=temp_file_left path={} reason={}", file, e.toString());
        }
    }
}
