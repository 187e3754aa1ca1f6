package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;

/**
 * Which libraries a job was built against, and which it found: they may lie in {@code lib/} of every Flink process, from an
 * earlier version of Touchline, and would end a job days later with a method that is not there.
 */
final class Libraries {

    /** The same file, which the build puts into the jar of the jobs and into that of the libraries. */
    private static final String NEEDED = "/touchline/jobs/libraries.properties";

    private static final String FOUND = "/META-INF/touchline/libraries.properties";

    private Libraries() {}

    /** @throws SuppressRestartsException when they differ: which, and what to do */
    static void check() {
        // Where the libraries' classes come from is where their list must be.
        check(read(Libraries.class, NEEDED), read(KafkaSource.class, FOUND));
    }

    /** Both are lists, a library a line; null for a list that is not there. */
    static void check(@Nullable String needed, @Nullable String found) {
        if (needed == null) {
            throw new SuppressRestartsException(new IllegalStateException(
                    "the jobs' jar has no list of its libraries: build it with ./touchline build or mvn package"));
        }
        if (found == null) {
            throw refused("it has no list of what is in it");
        }
        Set<String> missing = lines(needed);
        missing.removeAll(lines(found));
        if (!missing.isEmpty()) {
            throw refused("it does not have " + String.join(", ", missing));
        }
    }

    private static SuppressRestartsException refused(String why) {
        return new SuppressRestartsException(new IllegalStateException(
                "the libraries in this Flink process' lib/ are not those that the jobs were built with: " + why
                        + ". Put the touchline-libraries.jar of the same build as touchline-jobs-thin.jar into lib/ of every"
                        + " Flink process, and start each anew"));
    }

    private static Set<String> lines(String text) {
        Set<String> lines = new TreeSet<>();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(lines::add);
        return lines;
    }

    private static @Nullable String read(Class<?> neighbour, String name) {
        try (InputStream in = neighbour.getResourceAsStream(name)) {
            return in == null ? null : new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + name, e);
        }
    }
}
