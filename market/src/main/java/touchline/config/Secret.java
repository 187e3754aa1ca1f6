package touchline.config;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a secret is found: {@code env:NAME}, {@code file:PATH}, or empty for none. Never the secret itself, so that a
 * settings record can be logged and travel with a job.
 */
public record Secret(String where) implements Serializable {

    public static final Secret NONE = new Secret("");

    public Secret {
        if (!where.isEmpty() && !where.startsWith("env:") && !where.startsWith("file:")) {
            throw new IllegalArgumentException("a secret is given as env:NAME or file:PATH, never itself");
        }
    }

    public boolean isPresent() {
        return !where.isEmpty();
    }

    /** @throws IllegalArgumentException when it is not there; the message names the place */
    public String read() {
        if (where.startsWith("env:")) {
            String value = System.getenv(where.substring(4));
            if (value == null || value.isBlank()) {
                throw new IllegalArgumentException(where + ": the environment variable is not set; export it");
            }
            return value.strip();
        }
        if (where.startsWith("file:")) {
            try {
                return Files.readString(Path.of(where.substring(5))).strip();
            } catch (IOException e) {
                throw new IllegalArgumentException(where + ": cannot be read; create it, readable by this user", e);
            }
        }
        throw new IllegalArgumentException("no secret is configured; give env:NAME or file:PATH");
    }

    @Override
    public String toString() {
        return where;
    }
}
