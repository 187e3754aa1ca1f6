package touchline.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client behind an SSE answer: he has said all that he wants with his request. */
final class SseSession extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(SseSession.class);

    private final Loop loop;
    private final Client client;

    SseSession(Loop loop, Client client) {
        this.loop = loop;
        this.client = client;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        loop.enter(client);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
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
        if (!(cause instanceof java.io.IOException)) {
            log.error("event=session_failed remote={}", context.channel().remoteAddress(), cause);
        }
        context.close();
    }
}
