package touchline.relay;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
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
        if (byAddress.merge(network(address), 1, Integer::sum) > config.connectionsPerAddress()) {
            left(address);
            counters.refused.increment();
            return false;
        }
        return true;
    }

    void left(InetAddress address) {
        counters.connections.decrementAndGet();
        byAddress.computeIfPresent(network(address), (a, count) -> count == 1 ? null : count - 1);
    }

    /** Whoever has one IPv6 address has as many as he likes in its /64. */
    private static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, 8, 16, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    synchronized boolean handshake() {
        boolean may = handshakes.take(System.nanoTime());
        (may ? counters.handshakes : counters.refused).increment();
        return may;
    }
}
