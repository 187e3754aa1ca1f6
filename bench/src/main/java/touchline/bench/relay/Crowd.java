package touchline.bench.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Very many clients on one thread, from many addresses of the loopback net. Each keeps what it was sent and verifies
 * it; what they see is counted together. All methods run on {@link #loop()}.
 */
final class Crowd implements AutoCloseable {

    /** Addresses a crowd dials from: 127.0.1.1 and those behind it. */
    private static final int ADDRESSES = 100;

    private static final int DIALLING = 64;
    private static final int SAMPLE_MS = 10;
    private static final int SAMPLED = 50;

    private final EpollEventLoopGroup group = new EpollEventLoopGroup(1);
    private final EventLoop loop = group.next();
    private final Clock clock;
    private final Dialect dialect;
    private final Frames frames;
    private final Tally tally = new Tally();
    private final List<Client> clients = new ArrayList<>();
    private final Deque<Client> toDial = new ArrayDeque<>();
    private byte[] scratch = new byte[1 << 16];
    private int dialling;
    private int ready;
    private boolean closing;
    private List<InetSocketAddress> relays = List.of();
    private String select = "";
    private String rest = "";
    private int spread = 1;
    /** What is counted was meant to be sent within these, us. */
    private long recordFrom = Long.MAX_VALUE;

    private long recordTo;
    /** Between two updates of a match, us: those merged into one were meant to be sent so far apart. */
    private long gap;

    private long diedAt = Long.MAX_VALUE;

    Crowd(Clock clock, Dialect dialect) {
        this.clock = clock;
        this.dialect = dialect;
        frames = new Frames(dialect);
        var unused = loop.scheduleAtFixedRate(this::sample, SAMPLE_MS, SAMPLE_MS, TimeUnit.MILLISECONDS);
    }

    EventLoop loop() {
        return loop;
    }

    Clock clock() {
        return clock;
    }

    Tally tally() {
        return tally;
    }

    Frames frames() {
        return frames;
    }

    List<Client> clients() {
        return clients;
    }

    int ready() {
        return ready;
    }

    boolean isClosing() {
        return closing;
    }

    /**
     * Adds clients.
     *
     * @param relays where each takes its turn
     * @param select a subscription's {@code select}; {@code %d} in it is the client's number within {@code spread}
     * @param rest further fields of the subscription, each with a comma before it
     */
    void grow(int count, List<InetSocketAddress> relays, String select, int spread, String rest) {
        this.spread = spread;
        this.relays = relays;
        this.select = select;
        this.rest = rest;
        for (int i = 0; i < count; i++) {
            Client client = new Client(this, clients.size());
            clients.add(client);
            toDial.add(client);
        }
        dialNext();
    }

    private void dialNext() {
        while (dialling < DIALLING && !toDial.isEmpty()) {
            dialling++;
            dial(toDial.remove()).addListener(done -> {
                dialling--;
                dialNext();
            });
        }
    }

    void dialAgain(Client client) {
        var unused = dial(client);
    }

    private ChannelFuture dial(Client client) {
        byte address = (byte) (1 + client.number() % ADDRESSES);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(1 << 15))
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(client);
        // One that was refused or lost tries the next relay.
        InetSocketAddress relay = relays.get((client.number() + client.dialled()) % relays.size());
        ChannelFuture dialled = bootstrap.connect(relay, new InetSocketAddress(address(address), 0));
        dialled.addListener(done -> {
            if (!done.isSuccess()) {
                tally.ended("unreachable");
                client.comeBack();
            }
        });
        return dialled;
    }

    private static InetAddress address(byte last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 1, last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    String handshake() {
        return String.join(
                "\r\n",
                "GET " + dialect.path + " HTTP/1.1",
                "Host: 127.0.0.1",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol: " + dialect.subprotocol,
                "",
                "");
    }

    String subscription(Client client) {
        return dialect.hello(
                select.replace("%d", Integer.toString(client.number() % spread)),
                rest,
                client.held().have(frames));
    }

    byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[2 * length];
        }
        return scratch;
    }

    /** A client has a frame. */
    void took(Client client, byte[] data, int from, int to, long now) {
        if (now >= recordFrom && now < recordTo) {
            tally.frames++;
            tally.bytes += to - from;
        }
        List<Message> messages;
        try {
            messages = frames.read(data, from, to);
        } catch (IllegalArgumentException e) {
            if (tally.unreadable++ == 0) {
                System.err.println("not of the protocol: " + e.getMessage());
            }
            return;
        }
        for (int i = 0; i < messages.size(); i++) {
            took(client, messages.get(i), now);
        }
    }

    private void took(Client client, Message message, long now) {
        switch (message.op) {
            case READY -> {
                if (!client.isReady()) {
                    client.isReadyNow();
                    ready++;
                }
            }
            case ALIVE -> {
                tally.alive++;
                tally.late += message.late ? 1 : 0;
            }
            case PING -> client.say("{}");
            case ERROR -> tally.ended("error" + message.code);
            default -> changed(client, message, now);
        }
    }

    private void changed(Client client, Message message, long now) {
        switch (client.held().take(message, frames)) {
            case GAP -> tally.gaps++;
            case BACK -> tally.back++;
            case WRONG_SUM -> {
                if (tally.wrongSums++ == 0) {
                    System.err.println("wrong sum: client " + client.number() + " " + frames.matchName(message.match)
                            + " " + message.pos);
                }
            }
            case TAKEN -> {}
        }
        if (message.op == Message.Op.PATCH) {
            tally.patches++;
            tally.updates += message.n;
        } else {
            tally.images++;
        }
        if (message.op == Message.Op.PATCH && !client.isSlow()) {
            time(message, now);
        }
    }

    private void time(Message message, long now) {
        if (message.suspension >= recordFrom && message.suspension < recordTo) {
            tally.suspended(message.suspension, now);
        }
        if (message.stamp >= recordFrom && message.stamp < recordTo) {
            tally.delivered.recordValue(Tally.bounded(now - message.stamp));
        }
        if (message.stamp >= 0) {
            for (int i = 0; i < message.n; i++) {
                long stamp = message.stamp - i * gap;
                if (stamp >= recordFrom && stamp < recordTo) {
                    tally.passed.recordValue(Tally.bounded(now - stamp));
                }
            }
        }
    }

    void lost(Client client) {
        ready--;
    }

    /** From now on what was meant to be sent within these times is recorded. */
    void record(long from, long to, long gap) {
        tally.reset();
        recordFrom = from;
        recordTo = to;
        this.gap = gap;
    }

    /** The relay was killed: whoever was lost is current again when it is ready and has seen prices sent since. */
    void died(long at) {
        diedAt = at;
    }

    void letIn() {
        tally.letIn.recordValue(Tally.bounded(clock.micros() - diedAt));
    }

    boolean isCurrentAgain(Client client, long now) {
        if (client.held().oldestStamp(frames.matchCount()) < diedAt) {
            return false;
        }
        tally.again.recordValue(Tally.bounded(now - diedAt));
        return true;
    }

    private void sample() {
        long now = clock.micros();
        if (now < recordFrom || now >= recordTo || frames.matchCount() == 0 || clients.isEmpty()) {
            return;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < SAMPLED; i++) {
            Client client = clients.get(random.nextInt(clients.size()));
            int match = random.nextInt(frames.matchCount());
            if (client.held().position(match) != null && !client.isSlow()) {
                long age = now - client.held().stamp(match);
                tally.age.recordValue(Tally.bounded(age));
                tally.behind.recordValue(Tally.bounded(age - gap));
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        clients.forEach(Client::close);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
