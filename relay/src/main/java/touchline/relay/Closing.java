package touchline.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.TimeUnit;

/** How a connection ends: with a close frame where there are frames, and for good even if nobody reads it. */
final class Closing {

    private static final int CLOSE = 0x88;
    private static final long GRACE_MS = 1_000;

    private Closing() {}

    static void end(Channel channel, Wire wire, CloseCode code) {
        ByteBuf last = Unpooled.EMPTY_BUFFER;
        if (wire != Wire.SSE) {
            byte[] word = code.word().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            last = channel.alloc()
                    .buffer(4 + word.length)
                    .writeByte(CLOSE)
                    .writeByte(2 + word.length)
                    .writeShort(code.code())
                    .writeBytes(word);
        }
        channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop().schedule(() -> channel.close(), GRACE_MS, TimeUnit.MILLISECONDS);
    }
}
