package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client of a crowd: a WebSocket spoken by hand, so that it costs little beside what it measures. It comes back by
 * itself after a connection ended, with full jitter and all that it held, as the client's library does. It has one
 * connection at a time. Confined to the crowd's thread.
 */
@ChannelHandler.Sharable
final class Client extends ChannelInboundHandlerAdapter {

    private static final int FIRST_PAUSE_MS = 250;
    private static final int LAST_PAUSE_MS = 15_000;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final byte[] NONE = {};

    private final Crowd crowd;
    private final int number;
    private final Held held = new Held();
    private byte[] rest = NONE;
    private boolean shaken;
    private boolean ready;
    private boolean isLost;
    private boolean isSlow;
    private long awaySince;
    private int dials = -1;
    private @Nullable Channel channel;

    Client(Crowd crowd, int number) {
        this.crowd = crowd;
        this.number = number;
    }

    int number() {
        return number;
    }

    Held held() {
        return held;
    }

    /** How often it has dialled before. */
    int dialled() {
        return ++dials;
    }

    boolean isReady() {
        return ready;
    }

    /** Reads nothing from here on, or reads again. */
    void slow(boolean slow) {
        isSlow = slow;
        Channel channel = this.channel;
        if (channel != null) {
            channel.config().setAutoRead(!slow);
        }
    }

    boolean isSlow() {
        return isSlow;
    }

    /** Takes what one read brings, where it else takes nothing. */
    void readOnce() {
        Channel channel = this.channel;
        if (channel != null) {
            channel.read();
        }
    }

    void say(String message) {
        Channel channel = this.channel;
        if (channel != null) {
            var unused = channel.writeAndFlush(Unpooled.wrappedBuffer(frame(TEXT, message.getBytes(UTF_8))));
        }
    }

    void close() {
        Channel channel = this.channel;
        if (channel != null) {
            var unused = channel.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        rest = NONE;
        shaken = false;
        write(context, crowd.handshake().getBytes(US_ASCII));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        channel = null;
        if (ready) {
            ready = false;
            crowd.lost(this);
            isLost = true;
        }
        rest = NONE;
        crowd.tally().ended(shaken ? "broken" : "refused");
        comeBack();
    }

    /** Dials again after a pause; the first one, too, is drawn by chance. */
    void comeBack() {
        if (crowd.isClosing()) {
            return;
        }
        long now = System.nanoTime();
        awaySince = awaySince == 0 ? now : awaySince;
        double away = (now - awaySince) / 1_000_000.0;
        double pause = Math.random() * Math.min(LAST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, away / 3));
        var unused = crowd.loop().schedule(() -> crowd.dialAgain(this), (long) (pause * 1000), TimeUnit.MICROSECONDS);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A connection that was reset ends as every other.
        var unused = context.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        ByteBuf bytes = (ByteBuf) read;
        int length = rest.length + bytes.readableBytes();
        byte[] data = crowd.scratch(length);
        System.arraycopy(rest, 0, data, 0, rest.length);
        bytes.readBytes(data, rest.length, bytes.readableBytes());
        bytes.release();
        long now = crowd.clock().micros();
        int at = shaken ? 0 : shake(context, data, length);
        while (at >= 0 && at < length) {
            int next = frame(context, data, at, length, now);
            if (next == at) {
                break;
            }
            at = next;
        }
        rest = at >= 0 && at < length ? Arrays.copyOfRange(data, at, length) : NONE;
    }

    private int shake(ChannelHandlerContext context, byte[] data, int length) {
        for (int i = 3; i < length; i++) {
            if (data[i] == '\n' && data[i - 1] == '\r' && data[i - 2] == '\n' && data[i - 3] == '\r') {
                String status = new String(data, 0, Math.min(length, 12), US_ASCII);
                if (!status.equals("HTTP/1.1 101")) {
                    crowd.tally().ended(status.substring(status.indexOf(' ') + 1));
                    var unused = context.close();
                    return -1;
                }
                shaken = true;
                crowd.tally().opened++;
                if (isLost) {
                    crowd.letIn();
                }
                send(context, crowd.subscription(this));
                if (isSlow) {
                    context.channel().config().setAutoRead(false);
                }
                return i + 1;
            }
        }
        return 0;
    }

    /** Takes the frame that begins at {@code at}; returns where the next one begins, or {@code at} when it is not whole. */
    private int frame(ChannelHandlerContext context, byte[] data, int at, int length, long now) {
        if (length - at < 2) {
            return at;
        }
        int op = data[at] & 0x0f;
        int size = data[at + 1] & 0x7f;
        int body = at + 2;
        if (size == 126) {
            body += 2;
            if (body > length) {
                return at;
            }
            size = (data[at + 2] & 0xff) << 8 | (data[at + 3] & 0xff);
        } else if (size == 127) {
            body += 8;
            if (body > length) {
                return at;
            }
            size = (data[at + 6] & 0xff) << 24
                    | (data[at + 7] & 0xff) << 16
                    | (data[at + 8] & 0xff) << 8
                    | (data[at + 9] & 0xff);
        }
        if (body + size > length) {
            return at;
        }
        switch (op) {
            case TEXT -> {
                crowd.took(this, data, body, body + size, now);
                if (isLost && ready) {
                    isLost = !crowd.isCurrentAgain(this, now);
                }
            }
            case CLOSE ->
                crowd.tally().ended(size < 2 ? "closed" : "" + ((data[body] & 0xff) << 8 | (data[body + 1] & 0xff)));
            case PING -> write(context, frame(10, Arrays.copyOfRange(data, body, body + size)));
            default -> crowd.tally().unreadable++;
        }
        return body + size;
    }

    void isReadyNow() {
        ready = true;
        awaySince = 0;
    }

    private static void send(ChannelHandlerContext context, String message) {
        write(context, frame(TEXT, message.getBytes(UTF_8)));
    }

    private static void write(ChannelHandlerContext context, byte[] bytes) {
        var unused = context.writeAndFlush(Unpooled.wrappedBuffer(bytes), context.voidPromise());
    }

    /** A client's frame is masked; a mask of zeroes leaves the bytes as they are. */
    private static byte[] frame(int op, byte[] body) {
        int head = body.length < 126 ? 6 : body.length < 65536 ? 8 : 14;
        byte[] frame = new byte[head + body.length];
        frame[0] = (byte) (0x80 | op);
        if (head == 6) {
            frame[1] = (byte) (0x80 | body.length);
        } else if (head == 8) {
            frame[1] = (byte) (0x80 | 126);
            frame[2] = (byte) (body.length >> 8);
            frame[3] = (byte) body.length;
        } else {
            frame[1] = (byte) (0x80 | 127);
            for (int i = 0; i < 4; i++) {
                frame[6 + i] = (byte) (body.length >> (24 - 8 * i));
            }
        }
        System.arraycopy(body, 0, frame, head, body.length);
        return frame;
    }
}
