package touchline.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An address on loopback behind which lies a server on another port, and between them a network that fails when told
 * to: slow, lossy, blocked, broken, or leading to another server. Bytes come late or never, but none is changed and none
 * is missing in the midst of a connection, as with TCP.
 */
public final class Detour implements AutoCloseable {

    /** What a lost packet costs on a short way: TCP sends it again after this, ms. */
    private static final long RESEND_MS = 200;

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> forgotten = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final Random random = new Random(1);
    private volatile int target;
    private volatile long delayMs;
    private volatile int lossPercent;
    private boolean blocked;
    private boolean closed;

    private Detour(int port, int target) {
        this.target = target;
        try {
            listener = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("a detour on port " + port, e);
        }
        daemon(this::accept);
    }

    /** On a free port. */
    public static Detour to(int target) {
        return new Detour(0, target);
    }

    /** @param port 0 for a free one */
    public static Detour start(int port, int target) {
        return new Detour(port, target);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Where new connections lead; those that are open stay with the old server. */
    public void lead(int port) {
        target = port;
    }

    /** From now on what is sent comes so much later, each way. */
    public void delay(long ms) {
        delayMs = ms;
    }

    /** From now on so many of a hundred packets are lost; TCP sends them again, and all that is behind them waits. */
    public void lose(int percent) {
        lossPercent = percent;
    }

    /** From now on nothing passes, neither way, and new connections get no answer: all is held up. */
    public synchronized void block() {
        blocked = true;
    }

    /** What was held up goes on; late, and in order. */
    public synchronized void unblock() {
        blocked = false;
        notifyAll();
    }

    /** Connections that are open swallow everything from now on, both ways, held up or not; new ones work. */
    public void forgetConnections() {
        forgotten.addAll(sockets);
    }

    /** Breaks every connection. */
    public void breakConnections() {
        sockets.forEach(Detour::close);
    }

    /** The next answers do not arrive: the connection breaks after the server has done what it was told. */
    public void loseAnswers(int count) {
        answersToLose.set(count);
    }

    public int lostAnswers() {
        return lost.get();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        breakConnections();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                daemon(() -> connect(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            pass();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            if (forgotten.contains(client)) {
                forgotten.add(server);
            }
            daemon(() -> pipe(client, server, false));
            pipe(server, client, true);
        } catch (IOException e) {
            sockets.remove(client);
            close(client);
        }
    }

    private void pipe(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[64 * 1024];
        try (from) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                pass();
                if (forgotten.contains(from)) {
                    continue;
                }
                if (answers && answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    lost.incrementAndGet();
                    return;
                }
                out.write(buffer, 0, n);
            }
            // How a connection ended is heard of no sooner than what was said on it.
            pass();
        } catch (IOException e) {
            close(from);
        } finally {
            sockets.remove(from);
            if (!forgotten.remove(from)) {
                close(to);
            }
        }
    }

    /** Takes as long as the way does now. */
    private void pass() throws IOException {
        try {
            long ms = delayMs;
            if (lossPercent > 0 && random.nextInt(100) < lossPercent) {
                ms += RESEND_MS;
            }
            if (ms > 0) {
                Thread.sleep(ms);
            }
            synchronized (this) {
                while (blocked && !closed) {
                    wait();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
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
        Thread thread = new Thread(task, "detour");
        thread.setDaemon(true);
        thread.start();
    }
}
