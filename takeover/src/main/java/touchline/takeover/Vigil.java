package touchline.takeover;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.flink.shaded.curator5.org.apache.curator.framework.CuratorFramework;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.CreateMode;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.KeeperException;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each JobManager holds a connection to each other one, and when one's process has ended, ends its session with ZooKeeper: at
 * once, not when it runs out. All that hung on the session goes, the lead first, just as if it had run out, and
 * ZooKeeper alone decides who leads next.
 *
 * <p>A process has ended when there was a connection to it and now its port refuses one. Whatever else happens (it is
 * frozen, its machine or the network is away, ZooKeeper does not answer) is left to the session's time. Should a live
 * one be taken for dead all the same, it finds its session expired and gives the lead up, as after any pause that was too long: never
 * do two lead.
 */
final class Vigil implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Vigil.class);

    /** Below the root that the cluster has in ZooKeeper. */
    static final String PATH = "/takeover";

    private static final int CONNECT_MS = 1_000;
    /** Between two looks at who is there, and before whatever failed is tried again. */
    private static final int PAUSE_MS = 500;
    /** Before the next connection to one that has just ended. */
    private static final int AGAIN_MS = 20;

    private final CuratorFramework zooKeeper;
    private final String host;
    private final Doorway doorway;
    private final Set<String> watched = ConcurrentHashMap.newKeySet();
    /** Those of them to whom there is a connection. */
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "takeover-vigil");
        thread.setDaemon(true);
        return thread;
    });

    private Vigil(CuratorFramework zooKeeper, String host, Doorway doorway) {
        this.zooKeeper = zooKeeper;
        this.host = host;
        this.doorway = doorway;
    }

    /**
     * Tells the others of this process, and keeps watch over them, until closed.
     *
     * @param zooKeeper of this process; its session is the one that others may end
     * @param host at which the others reach this machine
     * @throws IOException when this machine does not have that address
     */
    static Vigil begin(CuratorFramework zooKeeper, String host) throws IOException {
        Vigil vigil = new Vigil(zooKeeper, host, Doorway.open(host));
        vigil.threads.execute(vigil::look);
        return vigil;
    }

    /** From a thread of its own: who is new, and whether this process is told of by the session that it has now. */
    private void look() {
        String failure = "";
        while (!threads.isShutdown()) {
            try {
                ZooKeeper client = zooKeeper.getZookeeperClient().getZooKeeper();
                String own = Peer.name(client.getSessionId());
                tell(own, client);
                for (String name : zooKeeper.getChildren().forPath(PATH)) {
                    if (!name.equals(own) && watched.add(name)) {
                        threads.execute(() -> watch(name));
                    }
                }
                failure = "";
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                // ZooKeeper is away, as everybody here will know: said once.
                if (!failure.equals(e.toString()) && !threads.isShutdown()) {
                    failure = e.toString();
                    LOG.warn("event=takeover-blind cause={}", failure);
                }
                if (!pausedWell()) {
                    return;
                }
            }
        }
    }

    private void tell(String own, ZooKeeper client) throws Exception {
        String path = PATH + "/" + own;
        if (zooKeeper.checkExists().forPath(path) == null) {
            Peer self = Peer.of(host, doorway.port(), client);
            try {
                zooKeeper
                        .create()
                        .creatingParentsIfNeeded()
                        .withMode(CreateMode.EPHEMERAL)
                        .forPath(path, self.toBytes());
            } catch (KeeperException.NodeExistsException e) {
                // Told already, and the answer was lost.
            }
        }
    }

    /** From a thread of its own, until the other one is no longer told of. */
    private void watch(String name) {
        boolean met = false;
        String failure = "";
        while (!threads.isShutdown()) {
            try {
                Peer peer = Peer.of(zooKeeper.getData().forPath(PATH + "/" + name));
                Seen seen = visit(peer);
                if (seen == Seen.HELD) {
                    met = true;
                    // Of all that a dying process has open, its port need not be what closes first.
                    Thread.sleep(AGAIN_MS);
                } else if (seen == Seen.REFUSED && met) {
                    end(peer);
                } else {
                    pause();
                }
            } catch (KeeperException.NoNodeException e) {
                break;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                if (!failure.equals(e.toString()) && !threads.isShutdown()) {
                    failure = e.toString();
                    LOG.warn("event=takeover-unwatched peer={} cause={}", name, failure);
                }
                if (!pausedWell()) {
                    return;
                }
            }
        }
        watched.remove(name);
    }

    private enum Seen {
        /** There was a connection, and it has ended. */
        HELD,
        /** The port is closed. Nothing follows where nobody was met: that address may lead elsewhere, and its owner be well. */
        REFUSED,
        /** Nobody answers. */
        AWAY
    }

    /** Returns when the connection has ended, or there is none. */
    private Seen visit(Peer peer) {
        String name = Peer.name(peer.session());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_MS);
            // A machine that is gone says nothing: its connection ends by this, hours later.
            socket.setKeepAlive(true);
            LOG.info("event=peer-watched peer={}", peer);
            held.add(name);
            try {
                while (socket.getInputStream().read() >= 0) {
                    // Nothing is ever said.
                }
            } catch (IOException e) {
                // Reset: ended all the same.
            } finally {
                held.remove(name);
            }
            return Seen.HELD;
        } catch (ConnectException e) {
            return Seen.REFUSED;
        } catch (IOException e) {
            return Seen.AWAY;
        }
    }

    /** Whether that process would be known to end at once. */
    boolean holds(long session) {
        return held.contains(Peer.name(session));
    }

    /** Speaks as the other one's session for once, and ends it. */
    private void end(Peer peer) throws Exception {
        long began = System.nanoTime();
        // The other one's, too, or what is left of it if this fails: all have the same settings.
        int sessionMs = zooKeeper.getZookeeperClient().getZooKeeper().getSessionTimeout();
        CountDownLatch settled = new CountDownLatch(1);
        ZooKeeper session = new ZooKeeper(
                zooKeeper.getZookeeperClient().getCurrentConnectionString(),
                sessionMs,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected || event.getState() == KeeperState.Expired) {
                        settled.countDown();
                    }
                },
                peer.session(),
                peer.password());
        try {
            if (!settled.await(sessionMs, MILLISECONDS)) {
                LOG.warn("event=takeover-unsettled peer={} left=to-its-session", peer);
            }
        } finally {
            session.close();
        }
        LOG.info("event=peer-ended peer={} tookMs={}", peer, (System.nanoTime() - began) / 1_000_000);
    }

    static void pause() throws InterruptedException {
        Thread.sleep(PAUSE_MS);
    }

    private static boolean pausedWell() {
        try {
            pause();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The session is for its owner to end. */
    @Override
    public void close() {
        threads.shutdownNow();
        doorway.close();
    }
}
