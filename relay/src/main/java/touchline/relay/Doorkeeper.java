package touchline.relay;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many may come in: in all, from one address, and in a second. */
final class Doorkeeper {

    private final RelayConfig config;
    private final Counters counters;
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final Allowance handshakes;

    Doorkeeper(RelayConfig config, Counters counters) {
        this.config = config;
        this.counters = counters;
        this.handshakes = new Allowance(config.handshakesPerSecond(), config.handshakesPerSecond(), System.nanoTime());
    }

    /** A connection is there; {@link #left} must follow unless it is refused. */
    boolean entered(InetAddress address) {
        if (counters.connections.incrementAndGet() > config.connections()) {
            counters.connections.decrementAndGet();
            counters.refused.increment();
            return false;
        }
        if (byAddress.merge(address, 1, Integer::sum) > config.connectionsPerAddress()) {
            left(address);
            counters.refused.increment();
            return false;
        }
        return true;
    }

    void left(InetAddress address) {
        counters.connections.decrementAndGet();
        byAddress.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
    }

    synchronized boolean handshake() {
        boolean may = handshakes.take(System.nanoTime());
        (may ? counters.handshakes : counters.refused).increment();
        return may;
    }
}
