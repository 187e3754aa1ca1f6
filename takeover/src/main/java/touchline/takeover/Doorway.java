package touchline.takeover;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;

/**
 * A port at which others see that this process lives. A connection to it carries nothing. It ends when the process does, by
 * whatever: the operating system ends it; and from then on the port refuses, which a process that is only frozen,
 * or a network that is away, does not.
 */
final class Doorway implements AutoCloseable {

    /** Connections held open; of more than so many others the earliest is let go, and comes back. */
    private static final int GUESTS = 16;

    private final ServerSocket socket;

    private Doorway(ServerSocket socket) {
        this.socket = socket;
    }

    /** @throws IOException when this machine does not have the address */
    static Doorway open(String host) throws IOException {
        Doorway doorway = new Doorway(new ServerSocket(0, GUESTS, InetAddress.getByName(host)));
        Thread thread = new Thread(doorway::welcome, "takeover-doorway");
        thread.setDaemon(true);
        thread.start();
        return doorway;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void welcome() {
        ArrayDeque<Socket> guests = new ArrayDeque<>();
        try {
            while (!socket.isClosed()) {
                try {
                    guests.add(socket.accept());
                } catch (IOException e) {
                    // Closed, or no descriptor left at the moment: whoever wanted in tries again.
                    Vigil.pause();
                }
                if (guests.size() > GUESTS) {
                    end(guests.remove());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            guests.forEach(Doorway::end);
        }
    }

    private static void end(Socket guest) {
        try {
            guest.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It takes nobody in any more either way.
        }
    }
}
