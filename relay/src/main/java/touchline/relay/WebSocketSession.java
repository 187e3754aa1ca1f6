package touchline.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.zip.DataFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client behind a WebSocket. What goes out is written as bytes that are frames already, see {@link Frame}. */
final class WebSocketSession extends SimpleChannelInboundHandler<WebSocketFrame> {

    private static final Logger log = LoggerFactory.getLogger(WebSocketSession.class);
    private static final int RSV1 = 4;
    private static final int PONG = 0x8a;
    private static final int CLOSE = 0x88;

    private final Loop loop;
    private final Client client;
    private final Conversation conversation;
    private final int messageBytes;

    WebSocketSession(Loop loop, Client client, Conversation conversation, int messageBytes) {
        this.loop = loop;
        this.client = client;
        this.conversation = conversation;
        this.messageBytes = messageBytes;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        loop.enter(client);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame) {
            text(frame);
        } else if (frame instanceof PingWebSocketFrame) {
            if (conversation.mayAsk()) {
                control(context, PONG, frame.content());
            }
        } else if (frame instanceof CloseWebSocketFrame) {
            control(context, CLOSE, frame.content());
            context.close();
        } else if (frame instanceof BinaryWebSocketFrame) {
            client.close(CloseCode.MALFORMED, "a binary message; must be JSON as text", 0);
        }
    }

    private void text(WebSocketFrame frame) {
        byte[] bytes = ByteBufUtil.getBytes(frame.content());
        if ((frame.rsv() & RSV1) != 0) {
            try {
                bytes = Inflated.bytes(bytes, messageBytes);
            } catch (DataFormatException e) {
                client.close(CloseCode.MALFORMED, "not DEFLATE: " + e.getMessage(), 0);
                return;
            } catch (TooLongFrameException e) {
                client.close(CloseCode.TOO_LARGE, String.valueOf(e.getMessage()), 0);
                return;
            }
        }
        conversation.hear(bytes);
    }

    /** A control frame carries 125 bytes at most: the decoder has seen to that. */
    private static void control(ChannelHandlerContext context, int kind, ByteBuf content) {
        ByteBuf out = context.alloc().buffer(2 + content.readableBytes());
        out.writeByte(kind).writeByte(content.readableBytes()).writeBytes(content);
        context.writeAndFlush(out, context.voidPromise());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            client.catchUp();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        loop.exit(client);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            client.close(CloseCode.TOO_LARGE, "a message above " + messageBytes + " bytes", 0);
        } else if (cause instanceof CorruptedWebSocketFrameException corrupted
                && corrupted.closeStatus().code() == 1009) {
            client.close(CloseCode.TOO_LARGE, "a message above " + messageBytes + " bytes", 0);
        } else if (cause instanceof CorruptedWebSocketFrameException) {
            client.close(CloseCode.MALFORMED, String.valueOf(cause.getMessage()), 0);
        } else if (cause instanceof java.io.IOException) {
            context.close();
        } else {
            log.error("event=session_failed remote={}", context.channel().remoteAddress(), cause);
            client.failed();
        }
    }
}
