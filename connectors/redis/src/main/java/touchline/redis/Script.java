package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script of this package, by its text and by the digest under which Redis caches it. */
record Script(String name, String text, String digest) {

    static final Script OPEN = read("open.lua");
    static final Script APPLY = read("apply.lua");
    static final Script LEFTOVERS = read("leftovers.lua");
    static final Script ROWS = read("rows.lua");

    private static Script read(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar, beside " + Script.class.getName());
            }
            byte[] text = in.readAllBytes();
            String digest =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
            return new Script(name, new String(text, UTF_8), digest);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
