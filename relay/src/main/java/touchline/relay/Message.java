package touchline.relay;

import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * One message to clients, encoded once for all who get it and compressed at most once: its compressed form stands by
 * itself and ends on a whole byte, so frames are put together from the pieces of several messages.
 */
final class Message {

    /** Below this compression costs more bytes than it saves. */
    static final int WORTH_DEFLATING = 200;

    private static final ThreadLocal<Deflater> DEFLATER =
            ThreadLocal.withInitial(() -> new Deflater(Deflater.DEFAULT_COMPRESSION, true));

    private final byte[] json;
    private volatile byte @Nullable [] deflated;

    Message(byte[] json) {
        this.json = json;
    }

    byte[] json() {
        return json;
    }

    /** As raw DEFLATE blocks, the last one not final, ended by an empty stored block ({@code 00 00 ff ff}). */
    byte[] deflated() {
        byte[] done = deflated;
        if (done == null) {
            done = deflate(json);
            deflated = done;
        }
        return done;
    }

    static byte[] deflate(byte[] bytes) {
        Deflater deflater = DEFLATER.get();
        deflater.reset();
        deflater.setInput(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2 + 32);
        byte[] buffer = new byte[Math.max(512, bytes.length)];
        int length;
        do {
            length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            out.write(buffer, 0, length);
        } while (length == buffer.length);
        return out.toByteArray();
    }
}
