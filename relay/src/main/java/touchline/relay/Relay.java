package touchline.relay;

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

    private Relay(RelayConfig config, RelayRedisConfig redis, Time time) {
        Counters counters = new Counters();
        Hub hub = new Hub(time);
        Board board = new Board(config.removedMax(), config.leftoverMs(), time, counters, hub);
        server = RelayServer.start(config, board, hub, Gate.anonymous(), counters, board::isComplete);
        follower = RedisFollower.start(redis.address(), board, counters);
        log.info(
                "event=relay_started bind={} port={} redis={} loops={}",
                config.bind(),
                server.port(),
                redis.uri(),
                hub.loops().size());
    }

    /** @throws IllegalStateException when it cannot listen where it should */
    public static Relay start(RelayConfig config, RelayRedisConfig redis) {
        return new Relay(config, redis, Time.SYSTEM);
    }

    /** Where clients come to. */
    public int port() {
        return server.port();
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
        log.info("event=relay_ended");
    }

    /** Serves until the process is told to end: by SIGTERM it drains. */
    public static void main(String[] args) throws InterruptedException {
        Relay relay;
        try {
            Settings settings = Arguments.settings(args);
            RelayConfig config = settings.as(RelayConfig.class, "relay");
            RelayRedisConfig redis = settings.as(RelayRedisConfig.class, "redis");
            settings.refuseUnknown();
            relay = start(config, redis);
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("touchline relay: " + e.getMessage());
            System.exit(2);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(relay::drain, "relay-drain"));
        new CountDownLatch(1).await();
    }
}
