package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system in memory that can be filled to the last byte, and emptied again. Only root may have one. */
final class SmallDisk {

    private static final String SIZE = "size=256m";
    private static final String MOUNTED = "small-disk";
    private static final int BLOCK = 1 << 20;

    private SmallDisk() {}

    /** Says whether this user may have one: by trying. */
    static boolean isPossible() {
        Path trial = Workplace.made(Roots.run().resolve("mount-trial"));
        boolean possible = mount("size=1m", trial.toString()) && command(List.of("umount", trial.toString())) == 0;
        if (!trial.toFile().delete()) {
            throw new IllegalStateException(trial + " cannot be taken away again");
        }
        return possible;
    }

    static boolean isThere(Standing standing) {
        return !standing.endpoint(MOUNTED).isEmpty();
    }

    static void mount(Standing standing, Path directory) {
        if (!mount(SIZE, Workplace.made(directory).toString())) {
            throw new IllegalStateException("mounting a small file system on " + directory + " needs root");
        }
        standing.endpoint(MOUNTED, directory.toString());
    }

    private static boolean mount(String size, String directory) {
        return command(List.of("mount", "-t", "tmpfs", "-o", size, "tmpfs", directory)) == 0;
    }

    /** Takes it away, if there is one; nobody may be using it any more. */
    static void unmount(Standing standing) {
        String directory = standing.endpoint(MOUNTED);
        if (!directory.isEmpty() && command(List.of("umount", directory)) != 0) {
            throw new IllegalStateException("umount " + directory + " failed: do it by hand");
        }
    }

    static void fill(Standing standing) {
        try (var out = Files.newOutputStream(filler(standing))) {
            byte[] block = new byte[BLOCK];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            // That was the last free byte.
        }
    }

    static void empty(Standing standing) {
        try {
            Files.deleteIfExists(filler(standing));
        } catch (IOException e) {
            throw new UncheckedIOException("making room again", e);
        }
    }

    private static Path filler(Standing standing) {
        return Path.of(standing.endpoint(MOUNTED), "filler");
    }

    private static int command(List<String> words) {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(words + " does not return");
            }
            return process.exitValue();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
