package touchline.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * A loopback port that nobody listens on at the moment of asking. Another process may take it before its user does: a
 * server that can bind port 0 itself should.
 */
public final class FreePort {

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
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free loopback port", e);
        }
    }
}
