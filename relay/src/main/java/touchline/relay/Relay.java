package touchline.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.config.Arguments;
import touchline.config.Settings;

/**
 * One relay: from a Redis to its clients. It may start before Redis is there, or filled; it lets clients in once it knows
 * every match. Any number of relays can run side by side, and a client may go from one to another.
 */
public final class Relay implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    private final RedisFollower follower;
    private final RelayServer server;
    private final AdminServer admin;
    private final Gate gate;

    private Relay(RelayConfig config, RelayRedisConfig redis, TokenConfig tokens, Time time) {
        Counters counters = new Counters();
        RelayMetrics metrics = new RelayMetrics(counters, time);
        Hub hub = new Hub(time);
        Board board = new Board(config.removedMax(), config.leftoverMs(), time, counters, hub);
        gate = gate(config, tokens);
        Deque<AutoCloseable> started = new ArrayDeque<>();
        try {
            started.push(gate);
            server = RelayServer.start(config, board, hub, gate, counters, board::isComplete);
            started.push(server);
            follower = RedisFollower.start(redis.address(), board, metrics);
            started.push(follower);
            admin = AdminServer.start(
                    config.bind(),
                    config.adminPort(),
                    metrics,
                    () -> follower.isAlive() ? List.of() : List.of("the follower of Redis has ended"),
                    () -> server.isReady() ? List.of() : List.of(whyNotReady()));
        } catch (RuntimeException e) {
            started.forEach(Relay::end);
            throw e;
        }
        log.info(
                "event=relay_started bind={} port={} admin_port={} redis={} loops={} tokens={}",
                config.bind(),
                server.port(),
                admin.port(),
                redis.uri(),
                hub.loops().size(),
                tokens.isPresent());
    }

    private static void end(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            log.warn("event=close_failed", e);
        }
    }

    private String whyNotReady() {
        return server.isDraining() ? "going down" : "not every match is known yet";
    }

    private static Gate gate(RelayConfig config, TokenConfig tokens) {
        if (tokens.isPresent()) {
            Gate gate = Gate.jwt(tokens);
            return config.anonymous() ? gate.orAnonymous() : gate;
        }
        if (!config.anonymous() && !isLoopback(config.bind())) {
            throw new IllegalArgumentException("relay.bind=" + config.bind() + ": everybody there could see everything;"
                    + " set token.jwks (with token.issuer and token.audience), or relay.anonymous=true");
        }
        return Gate.anonymous();
    }

    private static boolean isLoopback(String bind) {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("relay.bind=" + bind + ": must be an address of this machine", e);
        }
    }

    /**
     * Serves with these settings: {@code relay.*}, {@code redis.*} and {@code token.*}.
     *
     * @throws IllegalArgumentException when one of them is wrong
     * @throws IllegalStateException when it cannot listen where it should
     */
    public static Relay start(Settings settings) {
        return new Relay(
                settings.as(RelayConfig.class, "relay"),
                settings.as(RelayRedisConfig.class, "redis"),
                settings.as(TokenConfig.class, "token"),
                Time.SYSTEM);
    }

    /** Where clients come to. */
    public int port() {
        return server.port();
    }

    /** Where /healthz, /readyz and /metrics are. */
    public int adminPort() {
        return admin.port();
    }

    /** Does it let clients in? */
    public boolean isReady() {
        return server.isReady();
    }

    /** Sends its clients away over {@code relay.drainMs}, then ends. */
    public void drain() {
        log.info("event=relay_draining");
        server.drain();
        close();
    }

    /** Ends at once, as if it were killed. */
    @Override
    public void close() {
        server.close();
        follower.close();
        admin.close();
        gate.close();
        log.info("event=relay_ended");
    }

    /** Every setting, with its default. */
    private static void help() {
        System.out.println(Arguments.USAGE + "\n\nEvery setting, as --set or as a line of the file takes it:\n");
        Settings.describe(RelayConfig.class, "relay").forEach(System.out::println);
        Settings.describe(RelayRedisConfig.class, "redis").forEach(System.out::println);
        Settings.describe(TokenConfig.class, "token").forEach(System.out::println);
    }

    /** Serves until the process is told to end: by SIGTERM it drains. */
    public static void main(String[] args) throws InterruptedException {
        if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
            help();
            return;
        }
        Relay relay;
        try {
            Settings settings = Arguments.settings(args);
            settings.know(RelayConfig.class, "relay");
            settings.know(RelayRedisConfig.class, "redis");
            settings.know(TokenConfig.class, "token");
            settings.refuseUnknown();
            relay = start(settings);
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("touchline relay: " + e.getMessage());
            System.exit(2);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(relay::drain, "relay-drain"));
        new CountDownLatch(1).await();
    }
}
