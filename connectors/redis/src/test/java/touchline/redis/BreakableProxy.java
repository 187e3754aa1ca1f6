package touchline.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A network between writer and Redis that loses things when told to. */
final class BreakableProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> swallowed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean hole;

    BreakableProxy(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    String uri() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    /** The next answers do not arrive: the connection breaks after Redis has done what it was told. */
    void loseAnswers(int count) {
        answersToLose.set(count);
    }

    int lostAnswers() {
        return lost.get();
    }

    /** Connections that are open swallow everything from now on, both ways; new ones work. */
    void swallowOpenConnections() {
        swallowed.addAll(sockets);
    }

    /** Breaks every connection. */
    void breakConnections() {
        sockets.forEach(BreakableProxy::close);
    }

    @Override
    public void close() {
        hole = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        breakConnections();
    }

    private void accept() {
        while (!hole) {
            try {
                Socket client = listener.accept();
                connect(client);
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        sockets.add(client);
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            daemon(() -> pipe(client, server, false));
            daemon(() -> pipe(server, client, true));
        } catch (IOException e) {
            close(client);
        }
    }

    private void pipe(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[64 * 1024];
        try (from) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (swallowed.contains(from)) {
                    continue;
                }
                if (answers && answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    lost.incrementAndGet();
                    return;
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            close(from);
        } finally {
            sockets.remove(from);
            sockets.remove(to);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
