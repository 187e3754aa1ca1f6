package touchline.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The page and the client library, as they lie on the class path under {@code site/}. */
final class Site {

    /** What is served; the tag changes with the bytes. */
    static final class File {
        private final byte[] bytes;
        private final String type;
        private final String tag;

        private File(byte[] bytes, String type, String tag) {
            this.bytes = bytes;
            this.type = type;
            this.tag = tag;
        }

        byte[] bytes() {
            return bytes;
        }

        String type() {
            return type;
        }

        String tag() {
            return tag;
        }
    }

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+");
    private static final String INDEX = "/page/index.html";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "webmanifest", "application/manifest+json");

    private final Map<String, File> files = new ConcurrentHashMap<>();

    /** A file by its path; where the path is none of a file, the page itself, which knows its own routes. */
    @Nullable
    File at(String path) {
        boolean file = PATH.matcher(path).matches() && path.lastIndexOf('.') > path.lastIndexOf('/');
        if (!file
                && path.lastIndexOf('.') > path.lastIndexOf('/')
                && !path.startsWith("/match/")
                && !path.startsWith("/league/")) {
            return null;
        }
        String known = file && !path.startsWith("/match/") && !path.startsWith("/league/") ? path : INDEX;
        File held = files.get(known);
        if (held == null) {
            held = read(known);
            if (held != null) {
                files.put(known, held);
            }
        }
        return held;
    }

    private static @Nullable File read(String path) {
        String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        try (InputStream in = Site.class.getResourceAsStream("/site" + path)) {
            if (in == null || type == null) {
                return null;
            }
            byte[] bytes = in.readAllBytes();
            CRC32C sum = new CRC32C();
            sum.update(bytes);
            return new File(bytes, type, "\"" + Long.toHexString(sum.getValue()) + "-" + bytes.length + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + path + " from the class path", e);
        }
    }
}
