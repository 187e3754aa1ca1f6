package touchline.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Messages that go out together, rendered once for each kind of wire and shared by all who get them; one message as it is,
 * several as an array. Belongs to one event loop; released when all have been written to.
 */
final class Frame implements AutoCloseable {

    private static final byte[] DATA = "data: ".getBytes(US_ASCII);
    /** A byte as a DEFLATE block of its own: stored, not final. */
    private static final byte[] STORED = {0, 1, 0, (byte) 0xfe, (byte) 0xff};

    private static final int TEXT = 0x81;
    private static final int COMPRESSED_TEXT = 0xc1;
    /** What ends each message's compressed form, and is left off at the end of a frame. */
    private static final int TAIL = 4;

    private final ByteBufAllocator allocator;
    private final List<Message> messages;
    private final Map<Wire, ByteBuf> rendered = new EnumMap<>(Wire.class);
    private final int length;

    Frame(ByteBufAllocator allocator, List<Message> messages) {
        this.allocator = allocator;
        this.messages = messages;
        int sum = messages.size() == 1 ? 0 : messages.size() + 1;
        for (Message message : messages) {
            sum += message.json().length;
        }
        this.length = sum;
    }

    int count() {
        return messages.size();
    }

    /** For one reader; he releases it. */
    ByteBuf on(Wire wire) {
        ByteBuf whole = rendered.get(wire);
        if (whole == null) {
            whole = render(wire);
            rendered.put(wire, whole);
        }
        return whole.retainedDuplicate();
    }

    private ByteBuf render(Wire wire) {
        return switch (wire) {
            case WEBSOCKET -> webSocket();
            case WEBSOCKET_DEFLATE -> length < Message.WORTH_DEFLATING ? webSocket() : deflated();
            case SSE -> serverSentEvent();
        };
    }

    private ByteBuf webSocket() {
        ByteBuf out = allocator.directBuffer(length + 10);
        header(out, TEXT, length);
        json(out);
        return out;
    }

    private ByteBuf deflated() {
        boolean several = messages.size() > 1;
        int size = several ? (messages.size() + 1) * (STORED.length + 1) + 1 : -TAIL;
        for (Message message : messages) {
            size += message.deflated().length;
        }
        ByteBuf out = allocator.directBuffer(size + 10);
        header(out, COMPRESSED_TEXT, size);
        if (!several) {
            byte[] only = messages.get(0).deflated();
            return out.writeBytes(only, 0, only.length - TAIL);
        }
        char before = '[';
        for (Message message : messages) {
            out.writeBytes(STORED).writeByte(before).writeBytes(message.deflated());
            before = ',';
        }
        // The reader appends the rest of an empty stored block: this byte is its beginning.
        return out.writeBytes(STORED).writeByte(']').writeByte(0);
    }

    private ByteBuf serverSentEvent() {
        ByteBuf out = allocator.directBuffer(length + DATA.length + 2);
        out.writeBytes(DATA);
        json(out);
        return out.writeByte('\n').writeByte('\n');
    }

    private void json(ByteBuf out) {
        if (messages.size() == 1) {
            out.writeBytes(messages.get(0).json());
            return;
        }
        char before = '[';
        for (Message message : messages) {
            out.writeByte(before).writeBytes(message.json());
            before = ',';
        }
        out.writeByte(']');
    }

    /** Of a frame from a server: whole, not masked. */
    private static void header(ByteBuf out, int kind, int length) {
        out.writeByte(kind);
        if (length < 126) {
            out.writeByte(length);
        } else if (length < 1 << 16) {
            out.writeByte(126).writeShort(length);
        } else {
            out.writeByte(127).writeLong(length);
        }
    }

    @Override
    public void close() {
        rendered.values().forEach(ByteBuf::release);
        rendered.clear();
    }
}
