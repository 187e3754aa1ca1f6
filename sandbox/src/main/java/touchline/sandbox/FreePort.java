package touchline.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback port that nobody listens on at the moment of asking. Another process may take it before its user does: a
 * server that can bind port 0 itself should.
 */
public final class FreePort {

    /**
     * Below the ports from which Linux takes those of outgoing connections: one of them could take the port before its user
     * does, and a crowd of clients takes many.
     */
    private static final int FIRST = 15_000;

    private static final int LAST = 31_999;

    private FreePort() {}

    /** The wanted port, or any free one for 0. */
    public static int or(int wanted) {
        return wanted == 0 ? find() : wanted;
    }

    /** A free port so that the one this much above it is free, too. */
    static int withOneAbove(int above) {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = find();
            if (port + above <= 65_535 && isFree(port + above)) {
                return port;
            }
        }
        throw new IllegalStateException("no free loopback port with a free one " + above + " above it");
    }

    /** Does nobody listen there on loopback at this moment? */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    public static int find() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free loopback port within " + FIRST + ".." + LAST);
    }
}
