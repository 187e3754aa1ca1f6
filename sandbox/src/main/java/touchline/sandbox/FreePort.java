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

    public static int find() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free loopback port", e);
        }
    }
}
