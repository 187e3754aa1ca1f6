package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The port of those who run the relay, with an event loop of its own, so that it answers whatever the clients do: {@code
 * /healthz} (should it be restarted?), {@code /readyz} (should clients be sent here?), both with the reasons why not, and
 * {@code /metrics}. Not for the public: it asks nobody who he is.
 */
final class AdminServer implements AutoCloseable {

    private static final int MAX_BYTES = 4_096;
    private static final int PATIENCE_SECONDS = 10;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final RelayMetrics metrics;
    private final Supplier<List<String>> notHealthy;
    private final Supplier<List<String>> notReady;
    private final EventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("relay-admin", true));
    private final Channel listening;

    private AdminServer(
            String bind,
            int port,
            RelayMetrics metrics,
            Supplier<List<String>> notHealthy,
            Supplier<List<String>> notReady) {
        this.metrics = metrics;
        this.notHealthy = notHealthy;
        this.notReady = notReady;
        try {
            listening = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel child) {
                            child.pipeline()
                                    .addLast(new ReadTimeoutHandler(PATIENCE_SECONDS))
                                    .addLast(new HttpServerCodec())
                                    .addLast(new HttpObjectAggregator(MAX_BYTES))
                                    .addLast(new Answers());
                        }
                    })
                    .bind(bind, port)
                    .syncUninterruptibly()
                    .channel();
        } catch (Exception e) {
            close();
            throw new IllegalStateException(
                    "relay.bind=" + bind + " relay.adminPort=" + port + ": cannot listen there: " + e.getMessage()
                            + "; choose another port, or 0 for a free one",
                    e);
        }
    }

    /**
     * @param notHealthy reasons to restart the relay, none when it is well
     * @param notReady reasons to send no clients here, none when they may come
     * @throws IllegalStateException when it cannot listen there
     */
    static AdminServer start(
            String bind,
            int port,
            RelayMetrics metrics,
            Supplier<List<String>> notHealthy,
            Supplier<List<String>> notReady) {
        return new AdminServer(bind, port, metrics, notHealthy, notReady);
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            FullHttpResponse answer = answer(request);
            answer.headers()
                    .set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes())
                    .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                    .set(HttpHeaderNames.CONNECTION, "close");
            if (request.method().equals(HttpMethod.HEAD)) {
                answer.content().clear();
            }
            context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        }

        private FullHttpResponse answer(FullHttpRequest request) {
            if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
                return text(HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "only GET\n".getBytes(UTF_8));
            }
            return switch (new QueryStringDecoder(request.uri()).path()) {
                case "/healthz" -> state(notHealthy.get());
                case "/readyz" -> state(notReady.get());
                case "/metrics" -> text(HttpResponseStatus.OK, PROMETHEUS, metrics.text());
                default ->
                    text(
                            HttpResponseStatus.NOT_FOUND,
                            TEXT,
                            "there are /healthz, /readyz and /metrics\n".getBytes(UTF_8));
            };
        }

        private FullHttpResponse state(List<String> reasons) {
            HttpResponseStatus status =
                    reasons.isEmpty() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
            String body = reasons.isEmpty() ? "ok\n" : String.join("\n", reasons) + "\n";
            return text(status, TEXT, body.getBytes(UTF_8));
        }

        private FullHttpResponse text(HttpResponseStatus status, String type, byte[] body) {
            FullHttpResponse answer =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
            answer.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
            return answer;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
