package touchline.oddsapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import touchline.feed.FeedJson;
import touchline.feed.Refusal;
import touchline.feed.Refused;

/** Events as bytes, for whoever moves them between tasks. Bytes live as long as a channel: no format is promised. */
public final class OddsApiEvents {

    private static final byte HEARD = 1;
    private static final byte UNUSABLE = 2;

    private OddsApiEvents() {}

    public static byte[] write(OddsApiEvent event) {
        if (event instanceof OddsApiEvent.Heard heard) {
            byte[] polled = FeedJson.writePolled(heard.polled());
            return ByteBuffer.allocate(1 + polled.length).put(HEARD).put(polled).array();
        }
        Refused refused = ((OddsApiEvent.Unusable) event).refused();
        byte[][] parts = {
            refused.reason().name().getBytes(UTF_8),
            refused.match().getBytes(UTF_8),
            refused.source().getBytes(UTF_8),
            refused.detail().getBytes(UTF_8),
            refused.payload().getBytes(UTF_8)
        };
        int length = Arrays.stream(parts)
                .mapToInt(part -> Integer.BYTES + part.length)
                .sum();
        ByteBuffer out = ByteBuffer.allocate(1 + length).put(UNUSABLE);
        for (byte[] part : parts) {
            out.putInt(part.length).put(part);
        }
        return out.array();
    }

    /** @throws IllegalArgumentException when these are no bytes of {@link #write} */
    public static OddsApiEvent read(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            return switch (in.get()) {
                case HEARD -> new OddsApiEvent.Heard(FeedJson.readPolled(Arrays.copyOfRange(bytes, 1, bytes.length)));
                case UNUSABLE ->
                    new OddsApiEvent.Unusable(
                            new Refused(Refusal.valueOf(text(in)), text(in), text(in), text(in), text(in)));
                default -> throw new IllegalArgumentException("not an event: first byte " + bytes[0]);
            };
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("an event cut off after " + bytes.length + " bytes", e);
        }
    }

    private static String text(ByteBuffer in) {
        byte[] text = new byte[in.getInt()];
        in.get(text);
        return new String(text, UTF_8);
    }
}
