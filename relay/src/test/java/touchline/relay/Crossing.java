package touchline.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One address before several servers, from which connections are cut, or led so slowly that the server cannot write. Each goes
 * to any server, and to none where the one that it was led to is down.
 */
final class Crossing implements AutoCloseable {

    /** Little room, so that a server notices soon that nobody reads. */
    private static final int ROOM = 8_192;

    private final ServerSocket listener;
    private final Random random;
    private final List<Way> ways = new CopyOnWriteArrayList<>();
    private volatile List<Integer> targets = List.of();

    Crossing(Random random) {
        this.random = random;
        try {
            listener = new ServerSocket();
            listener.setReceiveBufferSize(ROOM);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Where connections go from now on. */
    void to(List<Integer> ports) {
        targets = List.copyOf(ports);
    }

    /** Ends about so many of a hundred. */
    void cut(int percent) {
        ways.stream().filter(way -> random.nextInt(100) < percent).forEach(Way::end);
    }

    /** Lets nothing through of about so many of a hundred, and of the others all. */
    void hold(int percent) {
        ways.forEach(way -> way.hold(random.nextInt(100) < percent));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                List<Integer> now = targets;
                Way way = new Way(client);
                ways.add(way);
                try {
                    way.lead(now.get(random.nextInt(now.size())));
                } catch (IOException e) {
                    way.end();
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private final class Way {
        private final Socket client;
        private final Socket server = new Socket();
        private boolean held;

        Way(Socket client) {
            this.client = client;
        }

        void lead(int port) throws IOException {
            server.setReceiveBufferSize(ROOM);
            client.setSendBufferSize(ROOM);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            daemon(() -> pipe(client, server));
            daemon(() -> pipe(server, client));
        }

        synchronized void hold(boolean hold) {
            held = hold;
            notifyAll();
        }

        private synchronized void pass() {
            try {
                while (held) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void pipe(Socket from, Socket to) {
            byte[] some = new byte[4_096];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(some); read >= 0; read = in.read(some)) {
                    pass();
                    out.write(some, 0, read);
                }
            } catch (IOException e) {
                // One side has gone; the other goes, too.
            }
            end();
        }

        void end() {
            ways.remove(this);
            hold(false);
            for (Socket socket : List.of(client, server)) {
                try {
                    socket.close();
                } catch (IOException e) {
                    // It is gone all the same.
                }
            }
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "crossing");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        List.copyOf(ways).forEach(Way::end);
    }
}
