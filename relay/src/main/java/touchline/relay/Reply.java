package touchline.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** The answer to one request. */
final class Reply {

    private static final String JSON = "application/json";
    private static final String POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss: http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'";

    private final ChannelHandlerContext context;
    private final boolean keepAlive;
    private final boolean head;
    private final String ifNoneMatch;
    private final HttpHeaders headers = new DefaultHttpHeaders();

    Reply(ChannelHandlerContext context, FullHttpRequest request) {
        this.context = context;
        this.keepAlive = HttpUtil.isKeepAlive(request);
        this.head = request.method().equals(HttpMethod.HEAD);
        this.ifNoneMatch = request.headers().get(HttpHeaderNames.IF_NONE_MATCH, "");
        headers.set("X-Content-Type-Options", "nosniff");
    }

    void header(CharSequence name, String value) {
        headers.set(name, value);
    }

    /** Pages of this origin may read the answer. */
    void allow(String origin) {
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "ETag, Retry-After");
        headers.add(HttpHeaderNames.VARY, "Origin");
    }

    void preflight() {
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, If-None-Match");
        headers.set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "600");
        send(HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
    }

    void copyTo(HttpHeaders others) {
        others.add(headers);
    }

    /** As JSON, which says the same as the status and what to do. */
    void error(HttpResponseStatus status, String reason) {
        json(
                status,
                Json.message(json -> {
                            json.writeNumberField("code", status.code());
                            json.writeStringField("reason", reason);
                        })
                        .json());
    }

    void json(HttpResponseStatus status, byte[] json) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, JSON);
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-cache");
        send(status, Unpooled.wrappedBuffer(json));
    }

    /** With a tag: nothing but that when the asker has it already. */
    void tagged(String tag, byte[] json) {
        headers.set(HttpHeaderNames.ETAG, tag);
        // Another token may be shown other markets of it.
        headers.add(HttpHeaderNames.VARY, "Authorization");
        if (holds(tag)) {
            send(HttpResponseStatus.NOT_MODIFIED, Unpooled.EMPTY_BUFFER);
        } else {
            json(HttpResponseStatus.OK, json);
        }
    }

    void file(Site.File file) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, file.type());
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-cache");
        headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY);
        headers.set(HttpHeaderNames.ETAG, file.tag());
        if (holds(file.tag())) {
            send(HttpResponseStatus.NOT_MODIFIED, Unpooled.EMPTY_BUFFER);
        } else {
            send(HttpResponseStatus.OK, Unpooled.wrappedBuffer(file.bytes()));
        }
    }

    private boolean holds(String tag) {
        for (String held : ifNoneMatch.split(",", -1)) {
            if (held.strip().equals(tag) || held.strip().equals("*")) {
                return true;
            }
        }
        return false;
    }

    private void send(HttpResponseStatus status, ByteBuf body) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, head ? Unpooled.EMPTY_BUFFER : body);
        response.headers().add(headers);
        if (!status.equals(HttpResponseStatus.NOT_MODIFIED) && !status.equals(HttpResponseStatus.NO_CONTENT)) {
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        HttpUtil.setKeepAlive(response, keepAlive);
        ChannelFuture sent = context.writeAndFlush(response);
        if (!keepAlive) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }
}
