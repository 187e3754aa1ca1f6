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
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each JobManager holds a connection to each other one, and when one's process has ended, ends its session with ZooKeeper: at
 * once, not when it runs out. All that hung on the session goes, the lead first, just as if it had run out, and
 * ZooKeeper alone decides who leads next.
 *
 * <p>A process has ended when there was a connection to it and now its port refuses three in a row. Whatever else happens (it
 * is frozen, its machine or the network is away, ZooKeeper does not answer) is left to the session's time. Should a live one
 * be taken for dead all the same, it finds its session expired and gives the lead up, as after any pause that was too long; until it
 * has found that, a second or so, both may believe that they lead, as then.
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
    /** Connections after one that lasted, before whoever ends them all is asked less often. */
    private static final int SOON = 5;
    /** In a row, by which a process has ended. */
    private static final int REFUSALS = 3;

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
        untilClosed("takeover-blind", () -> {
            ZooKeeper client = zooKeeper.getZookeeperClient().getZooKeeper();
            String own = Peer.name(client.getSessionId());
            tell(own, client);
            for (String name : zooKeeper.getChildren().forPath(PATH)) {
                if (!name.equals(own) && watched.add(name)) {
                    threads.execute(() -> watch(name));
                }
            }
            pause();
            return true;
        });
    }

    /** One of many; false when it was the last. */
    private interface Round {
        boolean goesOn() throws Exception;
    }

    /** ZooKeeper may be away at any time, as everybody here will know: that is said once, and the round made again. */
    private void untilClosed(String event, Round round) {
        String failure = "";
        try {
            while (!threads.isShutdown()) {
                try {
                    if (!round.goesOn()) {
                        return;
                    }
                    failure = "";
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    if (!failure.equals(e.toString()) && !threads.isShutdown()) {
                        failure = e.toString();
                        LOG.warn("event={} cause={}", event, failure);
                    }
                    pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        untilClosed("takeover-unwatched peer=" + name, new Watch(name));
        watched.remove(name);
    }

    private enum Seen {
        /** There was a connection, and it has ended. */
        HELD,
        /** The port is closed. */
        REFUSED,
        /** Nobody answers. */
        AWAY
    }

    /** Over one session of another one. */
    private final class Watch implements Round {

        private final String name;
        /** To where there was a connection. Who never lived is not taken for dead: he may be well elsewhere. */
        private @Nullable InetSocketAddress met;

        private int soon;
        private int refusals;
        private boolean warned;
        private boolean ended;

        Watch(String name) {
            this.name = name;
        }

        @Override
        public boolean goesOn() throws Exception {
            Stat stat = new Stat();
            Peer peer;
            try {
                peer = Peer.of(zooKeeper.getData().storingStatIn(stat).forPath(PATH + "/" + name));
            } catch (KeeperException.NoNodeException e) {
                return false;
            }
            if (ended || stat.getEphemeralOwner() != peer.session()) {
                // To speak as that session again would renew it; and what another session told does not end with it.
                pause();
                return true;
            }
            InetSocketAddress address = new InetSocketAddress(peer.host(), peer.port());
            Seen seen = visit(address);
            if (seen != Seen.REFUSED) {
                refusals = 0;
                soon--;
            } else if (!address.equals(met)) {
                warn(peer);
            } else if (++refusals == REFUSALS) {
                ended = end(peer);
                refusals = 0;
            } else {
                soon = 1;
            }
            Thread.sleep(soon > 0 ? AGAIN_MS : PAUSE_MS);
            return true;
        }

        private void warn(Peer peer) {
            if (!warned) {
                warned = true;
                LOG.warn("event=peer-unmet peer={} cause=refused effect=its-death-shows-by-its-session-only", peer);
            }
        }

        /** Returns when the connection has ended, or there is none. */
        private Seen visit(InetSocketAddress address) {
            long began = System.nanoTime();
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MS);
                // A machine that is gone says nothing: its connection ends by this, hours later.
                socket.setKeepAlive(true);
                if (met == null) {
                    LOG.info("event=peer-watched peer={}", address);
                }
                met = address;
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
                if (msSince(began) > PAUSE_MS) {
                    // Of all that a dying process has open, its port need not be what closes first.
                    soon = SOON;
                }
                return Seen.HELD;
            } catch (ConnectException e) {
                // It is this, too, when the operating system's own time has run out.
                return msSince(began) < CONNECT_MS ? Seen.REFUSED : Seen.AWAY;
            } catch (IOException e) {
                return Seen.AWAY;
            }
        }
    }

    private static long msSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    /** Whether that process would be known to end at once. */
    boolean holds(long session) {
        return held.contains(Peer.name(session));
    }

    /** Speaks as the other one's session for once, and ends it; false when ZooKeeper did not answer. */
    private boolean end(Peer peer) throws Exception {
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
                return false;
            }
        } finally {
            session.close();
        }
        LOG.info("event=peer-ended peer={} tookMs={}", peer, msSince(began));
        return true;
    }

    static void pause() throws InterruptedException {
        Thread.sleep(PAUSE_MS);
    }

    /** The session is for its owner to end. */
    @Override
    public void close() {
        threads.shutdownNow();
        doorway.close();
    }
}
