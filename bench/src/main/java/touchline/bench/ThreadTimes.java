package touchline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processor time of this process's threads by the beginning of their names, native ones (RocksDB's) included, as Linux tells it. */
final class ThreadTimes {

    private static final double TICKS = 100;

    private ThreadTimes() {}

    /**
     * Seconds in user and kernel mode so far.
     *
     * @param begins of the names, of which Linux keeps 15 characters
     */
    static double seconds(String... begins) {
        double sum = 0;
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                sum += ofTask(task, begins);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("/proc/self/task", e);
        }
        return sum;
    }

    private static double ofTask(Path task, String[] begins) throws IOException {
        try {
            String name = Files.readString(task.resolve("comm"));
            if (Stream.of(begins).noneMatch(name::startsWith)) {
                return 0;
            }
            String stat = Files.readString(task.resolve("stat"));
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS;
        } catch (NoSuchFileException e) {
            // It has ended meanwhile.
            return 0;
        }
    }
}
