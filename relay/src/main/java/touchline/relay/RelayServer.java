package touchline.relay;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The port that clients come to, and the event loops behind it. */
final class RelayServer implements AutoCloseable {

    static final Site SITE = new Site();

    private static final int BACKLOG = 4_096;
    private static final int REQUEST_SECONDS = 30;
    /** Whoever comes while a relay starts waits for it in the kernel, but not for longer than this: then he is told. */
    private static final long PATIENCE_MS = 5_000;

    private static final long LOOK_MS = 5;
    /** What the kernel takes before a socket is no longer writable: the less, the fresher is what a slow client gets. */
    private static final long UNSENT_BYTES = 16_384;

    private final RelayConfig config;
    private final Board board;
    private final Hub hub;
    private final Gate gate;
    private final Doorkeeper doorkeeper;
    private final Counters counters;
    private final BooleanSupplier ready;
    private final EventLoopGroup acceptors;
    private final EventLoopGroup workers;
    private final Channel listening;
    private volatile boolean draining;

    private RelayServer(RelayConfig config, Board board, Hub hub, Gate gate, Counters counters, BooleanSupplier ready) {
        this.config = config;
        this.board = board;
        this.hub = hub;
        this.gate = gate;
        this.doorkeeper = new Doorkeeper(config, counters);
        this.counters = counters;
        this.ready = ready;
        SslContext tls = tls(config);
        int threads = config.threads() > 0
                ? config.threads()
                : Math.min(Hub.MAX_LOOPS, Runtime.getRuntime().availableProcessors());
        acceptors = group(1, "relay-accept");
        workers = group(threads, "relay");
        hub.start(workers, board, config, counters);
        try {
            listening = bootstrap(tls)
                    .bind(config.bind(), config.port())
                    .syncUninterruptibly()
                    .channel();
        } catch (Exception e) {
            shutDown();
            throw new IllegalStateException(
                    "relay.bind=" + config.bind() + " relay.port=" + config.port() + ": cannot listen there: "
                            + e.getMessage() + "; choose another port, or 0 for a free one",
                    e);
        }
    }

    /** Lets them in who came already, once it is ready, or if that takes too long. */
    private void openSoon() {
        long patience = System.nanoTime() + PATIENCE_MS * 1_000_000;
        listening.eventLoop().execute(new Runnable() {
            @Override
            public void run() {
                if (ready.getAsBoolean() || System.nanoTime() > patience) {
                    listening.config().setAutoRead(true);
                } else {
                    listening.eventLoop().schedule(this, LOOK_MS, TimeUnit.MILLISECONDS);
                }
            }
        });
    }

    /** @param ready may clients come in: is every match known? */
    static RelayServer start(
            RelayConfig config, Board board, Hub hub, Gate gate, Counters counters, BooleanSupplier ready) {
        RelayServer server = new RelayServer(config, board, hub, gate, counters, ready);
        server.openSoon();
        return server;
    }

    private static EventLoopGroup group(int threads, String name) {
        DefaultThreadFactory factory = new DefaultThreadFactory(name, true);
        return Epoll.isAvailable()
                ? new EpollEventLoopGroup(threads, factory)
                : new NioEventLoopGroup(threads, factory);
    }

    private static @Nullable SslContext tls(RelayConfig config) {
        if (config.tlsCertificate().isEmpty()) {
            return null;
        }
        try {
            return SslContextBuilder.forServer(new File(config.tlsCertificate()), new File(config.tlsKey()))
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "relay.tlsCertificate=" + config.tlsCertificate() + " relay.tlsKey=" + config.tlsKey()
                            + ": must be PEM files of a certificate chain and its key: " + e.getMessage(),
                    e);
        }
    }

    private ServerBootstrap bootstrap(@Nullable SslContext tls) {
        Class<? extends ServerChannel> channel =
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptors, workers)
                .channel(channel)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(config.pendingBytes() / 2, config.pendingBytes()))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        RelayServer.this.initialise(child, tls);
                    }
                });
        if (Epoll.isAvailable()) {
            bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
        }
        return bootstrap;
    }

    private void initialise(Channel child, @Nullable SslContext tls) {
        InetAddress address = ((InetSocketAddress) child.remoteAddress()).getAddress();
        if (!doorkeeper.entered(address)) {
            child.close();
            return;
        }
        child.closeFuture().addListener(closed -> doorkeeper.left(address));
        if (tls != null) {
            child.pipeline().addLast(tls.newHandler(child.alloc()));
        }
        child.pipeline()
                .addLast(new ReadTimeoutHandler(REQUEST_SECONDS))
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(config.messageBytes()))
                .addLast(new Door(this));
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    RelayConfig config() {
        return config;
    }

    Board board() {
        return board;
    }

    Hub hub() {
        return hub;
    }

    Gate gate() {
        return gate;
    }

    Doorkeeper doorkeeper() {
        return doorkeeper;
    }

    /** Can only this machine reach it? */
    boolean isLocal() {
        return ((InetSocketAddress) listening.localAddress()).getAddress().isLoopbackAddress();
    }

    boolean isReady() {
        return !draining && ready.getAsBoolean();
    }

    boolean isDraining() {
        return draining;
    }

    /** Nobody comes in any more; who is there is sent away over {@code drainMs}, each with the hint to spread as well. */
    void drain() {
        draining = true;
        listening.close().syncUninterruptibly();
        for (Loop loop : hub.loops()) {
            loop.executor()
                    .execute(() -> loop.clients().forEach(client -> {
                        long after = config.drainMs() == 0
                                ? 0
                                : ThreadLocalRandom.current().nextLong(config.drainMs());
                        loop.executor()
                                .schedule(
                                        () -> client.close(
                                                CloseCode.DRAINING, "this relay is going down", config.drainMs()),
                                        after,
                                        TimeUnit.MILLISECONDS);
                    }));
        }
        long end = System.nanoTime() + (config.drainMs() + 1_000L) * 1_000_000L;
        while (System.nanoTime() < end && counters.clients.get() > 0) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** At once, without a word to anybody. */
    @Override
    public void close() {
        draining = true;
        listening.close().syncUninterruptibly();
        shutDown();
    }

    private void shutDown() {
        acceptors.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        workers.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
