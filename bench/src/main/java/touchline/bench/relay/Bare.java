package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import touchline.bench.OpenSchedule;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.UpdateJson;

/**
 * The floor: the same messages at the same times, made in this process and written by Netty to every channel, each flushed,
 * without any Redis, subscription, or thought for who is slow. Whoever has connected before the first update gets all of
 * them. It is told what to do by lines, as the {@link Fleet} is.
 */
public final class Bare {

    private static final JsonFactory JSON = new JsonFactory();

    private final Clock clock;
    private final List<Fixture> fixtures = new ArrayList<>();
    private final EpollEventLoopGroup group = new EpollEventLoopGroup(2);
    /** By event loop; each list is of that loop's thread alone. */
    private final Map<EventExecutor, List<Channel>> channels = new LinkedHashMap<>();

    private final ByteBuf greeting;

    private Bare(Clock clock, int matches) throws IOException {
        this.clock = clock;
        List<String> messages = new ArrayList<>();
        for (int match = 0; match < matches; match++) {
            Fixture fixture = new Fixture(match, System.currentTimeMillis());
            fixtures.add(fixture);
            messages.add(message(fixture.image()));
        }
        messages.add("{\"op\":\"ready\",\"id\":1}");
        greeting = frame(messages);
        for (EventExecutor loop : group) {
            channels.put(loop, new ArrayList<>());
        }
    }

    /** @param args the clock's origin, and how many matches */
    public static void main(String[] args) throws Exception {
        Bare bare = new Bare(new Clock(Long.parseLong(args[0])), Integer.parseInt(args[1]));
        System.out.println("answer port=" + bare.listen());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Map<String, String> words = Fleet.words(line);
                bare.run(
                        Long.parseLong(Fleet.word(words, "start")),
                        Integer.parseInt(Fleet.word(words, "together")),
                        Integer.parseInt(Fleet.word(words, "calls")),
                        Integer.parseInt(Fleet.word(words, "seconds")));
                System.out.println("answer");
            }
        }
    }

    private int listen() {
        Channel listening = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Caller());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private void run(long start, int together, int calls, int seconds) throws Exception {
        OpenSchedule.run(clock.nanos(start), calls, seconds, (n, intended) -> {
            List<String> messages = new ArrayList<>(together);
            for (int i = 0; i < together; i++) {
                Fixture fixture = fixtures.get((n * together + i) % fixtures.size());
                messages.add(message(fixture.price(clock.micros(intended))));
            }
            channels.forEach((loop, own) -> {
                ByteBuf frame = frame(messages);
                loop.execute(() -> {
                    for (Channel channel : own) {
                        var unused = channel.writeAndFlush(frame.retainedDuplicate(), channel.voidPromise());
                    }
                    frame.release();
                });
            });
        });
    }

    /** Answers whatever comes first with a handshake, and whatever comes next with all matches. */
    private final class Caller extends ChannelInboundHandlerAdapter {
        private boolean shaken;

        @Override
        public void channelRead(ChannelHandlerContext context, Object read) {
            ((ByteBuf) read).release();
            ByteBuf answer = shaken
                    ? greeting.retainedDuplicate()
                    : Unpooled.copiedBuffer(
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                            US_ASCII);
            if (shaken) {
                channels.getOrDefault(context.channel().eventLoop(), new ArrayList<>())
                        .add(context.channel());
            }
            shaken = true;
            var unused = context.writeAndFlush(answer, context.voidPromise());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var unused = context.close();
        }
    }

    private static ByteBuf frame(List<String> messages) {
        byte[] body = (messages.size() == 1 ? messages.get(0) : "[" + String.join(",", messages) + "]").getBytes(UTF_8);
        ByteBuf frame = Unpooled.directBuffer(body.length + 10);
        frame.writeByte(0x81);
        if (body.length < 126) {
            frame.writeByte(body.length);
        } else if (body.length < 65_536) {
            frame.writeByte(126).writeShort(body.length);
        } else {
            frame.writeByte(127).writeLong(body.length);
        }
        return frame.writeBytes(body);
    }

    /** As a relay writes it. */
    static String message(MarketUpdate update) throws IOException {
        boolean patch = update.kind() == MarketUpdate.Kind.PATCH;
        Position pos = update.position();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text);
                JsonParser told = JSON.createParser(UpdateJson.write(update))) {
            json.writeStartObject();
            json.writeStringField("op", patch ? "patch" : "image");
            json.writeStringField("match", update.match());
            if (patch) {
                json.writeStringField(
                        "from", new Position(pos.generation(), pos.created(), pos.version() - 1).toString());
            }
            json.writeStringField("pos", pos.toString());
            if (patch) {
                json.writeNumberField("n", 1);
            }
            told.nextToken();
            while (told.nextToken() == JsonToken.FIELD_NAME) {
                String name = told.currentName();
                told.nextToken();
                switch (name) {
                    case "set", "del", "sums" -> {
                        json.writeFieldName(name.equals("set") && !patch ? "cells" : name);
                        json.copyCurrentStructure(told);
                    }
                    default -> told.skipChildren();
                }
            }
            json.writeEndObject();
        }
        return text.toString();
    }
}
