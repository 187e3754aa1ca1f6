package touchline.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A book's first value in Flink's state: the machine's head, two facts of the operator's own, which so cost no access of their
 * own, and, while the book is whole, all of its markets.
 *
 * <p>A byte for the form, attempt and timer, 8 bytes each; in form 1 the head. In form 2, whole: head, and for each market key and
 * bytes; a key is UTF-8 behind a length of 2 bytes, all else behind one of 4.
 */
final class BookPage {

    private static final byte HEAD = 1;
    private static final byte WHOLE = 2;

    /** In which the book last sent an image. */
    long attempt;
    /** Of the pending timer; {@link Long#MAX_VALUE} for none. */
    long timer = Long.MAX_VALUE;

    byte @Nullable [] head;
    /** Are its markets here, and nowhere else? */
    boolean whole = true;

    final Map<String, byte[]> markets = new HashMap<>(4);

    /** Of a book that does not exist. */
    BookPage() {}

    /** @throws IllegalArgumentException when another version of the jobs wrote it */
    BookPage(byte[] bytes) {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        try {
            byte form = in.readByte();
            if (form != HEAD && form != WHOLE) {
                throw new IllegalArgumentException(
                        "a book of form " + form + " was written by another version of the jobs");
            }
            whole = form == WHOLE;
            attempt = in.readLong();
            timer = in.readLong();
            head = bytes(in, whole ? in.readInt() : in.available());
            while (in.available() > 0) {
                markets.put(in.readUTF(), bytes(in, in.readInt()));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("a book of " + bytes.length + " bytes is cut off", e);
        }
    }

    private static byte[] bytes(DataInputDeserializer in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    /** @throws IllegalStateException when the book does not exist */
    byte[] toBytes() {
        if (head == null) {
            throw new IllegalStateException("a page without a head");
        }
        DataOutputSerializer out = new DataOutputSerializer(head.length + 256);
        try {
            out.writeByte(whole ? WHOLE : HEAD);
            out.writeLong(attempt);
            out.writeLong(timer);
            if (whole) {
                out.writeInt(head.length);
            }
            out.write(head);
            for (Map.Entry<String, byte[]> market : markets.entrySet()) {
                out.writeUTF(market.getKey());
                out.writeInt(market.getValue().length);
                out.write(market.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.getCopyOfBuffer();
    }
}
