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
    /** Less than this is not worth it: other programs share it. */
    private static final long ROOM = 1L << 30;

    static TempDirectory create(String server) {
        try {
            return new TempDirectory(Files.createTempDirectory("touchline-" + server + "-"));
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for " + server, e);
        }
    }

    /**
     * In memory where the machine has a file system for that with room for it, named by the system property {@code
     * touchline.memory}: for working files that need not outlive a process, whose every flush to a disk would be waited for.
     */
    static TempDirectory inMemory(String server) {
        Path memory = Path.of(System.getProperty("touchline.memory", "/dev/shm"));
        try {
            if (Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > ROOM) {
                return new TempDirectory(Files.createTempDirectory(memory, "touchline-" + server + "-"));
            }
        } catch (IOException e) {
            LOG.info("event=no_directory_in_memory path={} reason={}", memory, e.toString());
        }
        return create(server);
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
