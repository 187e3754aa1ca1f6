package touchline.relay;

import static io.netty.handler.codec.http.HttpHeaderNames.ACCEPT;
import static io.netty.handler.codec.http.HttpHeaderNames.AUTHORIZATION;
import static io.netty.handler.codec.http.HttpHeaderNames.HOST;
import static io.netty.handler.codec.http.HttpHeaderNames.ORIGIN;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL;
import static io.netty.handler.codec.http.HttpHeaderNames.UPGRADE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where requests come in: a stream, matches, or a file of the page. */
final class Door extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final String BEARER = "Bearer ";
    private static final String PROTOCOL = "touchline.v1";
    private static final String TOKEN_PROTOCOL = "bearer.";
    private static final String DEFLATE = "permessage-deflate";
    private static final int RETRY_SECONDS = 1;
    /** How a page that this machine serves to itself is called. */
    private static final Pattern LOCAL = Pattern.compile("(localhost|127(\\.\\d+){3}|\\[::1\\])(:\\d+)?");

    private final RelayServer server;

    Door(RelayServer server) {
        this.server = server;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (!context.channel().isWritable()) {
            // He has not read the answer before: answers are not queued up for him.
            context.close();
            return;
        }
        Reply reply = new Reply(context, request);
        if (request.decoderResult().isFailure()) {
            reply.error(
                    HttpResponseStatus.BAD_REQUEST,
                    "not an HTTP request: " + request.decoderResult().cause().getMessage());
            return;
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        String path;
        try {
            path = uri.path();
            uri.parameters();
        } catch (IllegalArgumentException e) {
            reply.error(HttpResponseStatus.BAD_REQUEST, "uri: " + e.getMessage());
            return;
        }
        if (!path.startsWith("/v1/")) {
            file(reply, request, path);
            return;
        }
        String origin = request.headers().get(ORIGIN);
        if (origin != null && !mayCome(origin, request.headers().get(HOST))) {
            reply.error(HttpResponseStatus.FORBIDDEN, "origin " + origin + " is not allowed; see relay.origins");
            return;
        }
        if (origin != null) {
            reply.allow(origin);
        }
        if (request.method().equals(HttpMethod.OPTIONS)) {
            reply.preflight();
        } else if (!server.isReady()) {
            reply.header(HttpHeaderNames.RETRY_AFTER, String.valueOf(RETRY_SECONDS));
            reply.error(HttpResponseStatus.SERVICE_UNAVAILABLE, "this relay is not ready, or going down");
        } else {
            open(context, request, uri, path, reply);
        }
    }

    private void open(
            ChannelHandlerContext context, FullHttpRequest request, QueryStringDecoder uri, String path, Reply reply) {
        Grant grant;
        try {
            grant = server.gate().open(token(request.headers()));
        } catch (Gate.Denied e) {
            reply.header(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
            reply.error(HttpResponseStatus.UNAUTHORIZED, String.valueOf(e.getMessage()));
            return;
        }
        boolean isStream = path.equals("/v1/stream");
        // A list of all matches is as much work as a stream's beginning.
        if ((isStream || path.equals(MatchesApi.ALL)) && !server.doorkeeper().handshake()) {
            reply.header(HttpHeaderNames.RETRY_AFTER, String.valueOf(RETRY_SECONDS));
            reply.error(HttpResponseStatus.TOO_MANY_REQUESTS, "too many handshakes; come back in a moment");
        } else if (!isStream) {
            new MatchesApi(server.board(), grant, server.hub().time().wallMs()).answer(request, uri, path, reply);
        } else if (request.headers().containsValue(UPGRADE, "websocket", true)) {
            webSocket(context, request, grant);
        } else if (wantsEvents(request)) {
            events(context, request, uri, grant, reply);
        } else {
            reply.header(UPGRADE, "websocket");
            reply.error(
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    "/v1/stream is for WebSocket, or SSE with Accept: text/event-stream");
        }
    }

    private static boolean wantsEvents(FullHttpRequest request) {
        return request.headers().get(ACCEPT, "").contains("text/event-stream");
    }

    private static void file(Reply reply, FullHttpRequest request, String path) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            reply.error(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET");
            return;
        }
        Site.File file = RelayServer.SITE.at(path);
        if (file == null) {
            reply.error(HttpResponseStatus.NOT_FOUND, path + " is not here");
        } else {
            reply.file(file);
        }
    }

    private boolean mayCome(String origin, @Nullable String host) {
        // A name that a strange site lets point to this machine is no page of ours.
        boolean ours = host != null && (!server.isLocal() || LOCAL.matcher(host).matches());
        if (ours && (origin.equals("http://" + host) || origin.equals("https://" + host))) {
            return true;
        }
        List<String> origins = server.config().origins();
        return origins.contains("*") || origins.contains(origin);
    }

    private static @Nullable String token(HttpHeaders headers) {
        String authorization = headers.get(AUTHORIZATION);
        if (authorization != null && authorization.startsWith(BEARER)) {
            return authorization.substring(BEARER.length()).strip();
        }
        String protocols = headers.get(SEC_WEBSOCKET_PROTOCOL);
        if (protocols != null) {
            for (String protocol : protocols.split(",", -1)) {
                if (protocol.strip().startsWith(TOKEN_PROTOCOL)) {
                    return protocol.strip().substring(TOKEN_PROTOCOL.length());
                }
            }
        }
        return null;
    }

    private void webSocket(ChannelHandlerContext context, FullHttpRequest request, Grant grant) {
        boolean deflate = offersDeflate(request.headers());
        WebSocketDecoderConfig decoder = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(server.config().messageBytes())
                .allowExtensions(deflate)
                .closeOnProtocolViolation(false)
                .build();
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory("/v1/stream", PROTOCOL, decoder).newHandshaker(request);
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(context.channel());
            return;
        }
        HttpHeaders headers = new DefaultHttpHeaders();
        if (deflate) {
            headers.set(SEC_WEBSOCKET_EXTENSIONS, DEFLATE + "; server_no_context_takeover; client_no_context_takeover");
        }
        handshaker
                .handshake(context.channel(), request, headers, context.newPromise())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        context.close();
                        return;
                    }
                    Wire wire = deflate ? Wire.WEBSOCKET_DEFLATE : Wire.WEBSOCKET;
                    Loop loop = server.hub().of(context.channel().eventLoop());
                    Client client = new Client(loop, context.channel(), wire, grant);
                    Conversation conversation = new Conversation(client, server.gate(), server.config());
                    ChannelPipeline pipeline = context.pipeline();
                    pipeline.remove(ReadTimeoutHandler.class);
                    pipeline.remove("wsencoder");
                    pipeline.addBefore(
                            context.name(),
                            "whole",
                            new WebSocketFrameAggregator(server.config().messageBytes()));
                    pipeline.replace(
                            this,
                            "session",
                            new WebSocketSession(
                                    loop, client, conversation, server.config().messageBytes()));
                });
    }

    /** An offer that lets us compress with the window that we have. */
    private static boolean offersDeflate(HttpHeaders headers) {
        String offers = headers.get(SEC_WEBSOCKET_EXTENSIONS);
        if (offers == null) {
            return false;
        }
        for (String offer : offers.split(",", -1)) {
            if (offer.strip().startsWith(DEFLATE) && !offer.contains("server_max_window_bits")) {
                return true;
            }
        }
        return false;
    }

    private void events(
            ChannelHandlerContext context, FullHttpRequest request, QueryStringDecoder uri, Grant grant, Reply reply) {
        List<byte[]> said;
        if (request.method().equals(HttpMethod.POST)) {
            said = List.of(ByteBufUtil.getBytes(request.content()));
        } else {
            said = uri.parameters().getOrDefault("sub", List.of()).stream()
                    .map(sub -> sub.getBytes(UTF_8))
                    .toList();
        }
        if (said.isEmpty()) {
            reply.error(
                    HttpResponseStatus.BAD_REQUEST,
                    "no subscription; give ?sub={\"op\":\"sub\",\"id\":1,\"select\":{\"phase\":\"live\"}} (url-encoded), or POST it");
            return;
        }
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        reply.copyTo(response.headers());
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Accel-Buffering", "no")
                .set(HttpHeaderNames.CONNECTION, "close");
        context.writeAndFlush(response);
        ChannelPipeline pipeline = context.pipeline();
        pipeline.remove(ReadTimeoutHandler.class);
        pipeline.remove(HttpObjectAggregator.class);
        pipeline.remove(HttpServerCodec.class);
        Loop loop = server.hub().of(context.channel().eventLoop());
        Client client = new Client(loop, context.channel(), Wire.SSE, grant);
        pipeline.replace(this, "session", new SseSession(loop, client));
        Conversation conversation = new Conversation(client, server.gate(), server.config());
        said.forEach(conversation::hear);
    }

    /** While an answer waits nothing more is read: who takes too long for it runs into the time for a request. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }

    /** A session sees by itself that little waits. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(true);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
