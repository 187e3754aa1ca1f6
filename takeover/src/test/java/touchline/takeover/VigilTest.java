package touchline.takeover;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.shaded.curator5.org.apache.curator.framework.CuratorFramework;
import org.apache.flink.shaded.curator5.org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.flink.shaded.curator5.org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.flink.shaded.curator5.org.apache.curator.retry.RetryOneTime;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.CreateMode;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ZooKeeper;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who leads when a process ends, is frozen, or only loses connections. Sessions here last five minutes, far longer than anything
 * waits: what ends was ended by the watch.
 */
@SuppressWarnings("try")
class VigilTest {

    private static final String HOST = "127.0.0.1";
    private static final int SESSION_MS = 300_000;
    private static final int PATIENCE_S = 60;

    @TempDir
    Path directory;

    private NIOServerCnxnFactory server;

    @BeforeEach
    void zooKeeper() throws Exception {
        ZooKeeperServer zooKeeper = new ZooKeeperServer(directory.toFile(), directory.toFile(), 15_000);
        server = new NIOServerCnxnFactory();
        server.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.startup(zooKeeper);
    }

    @AfterEach
    void end() {
        server.shutdown();
    }

    @Test
    void whoseProcessEndsNoLongerLeads() throws Exception {
        try (CuratorFramework first = client();
                CuratorFramework second = client();
                LeaderLatch leads = new LeaderLatch(first, "/latch");
                LeaderLatch waits = new LeaderLatch(second, "/latch");
                Vigil watcher = Vigil.begin(second, HOST)) {
            ServerSocket door = told(first);
            leads.start();
            assertThat(leads.await(PATIENCE_S, SECONDS)).isTrue();
            waits.start();
            try (var connection = door.accept()) {
                assertThat(waits.hasLeadership()).isFalse();
                // As the operating system does for a process that has ended, whose session is still open.
                door.close();
            }
            assertThat(waits.await(PATIENCE_S, SECONDS))
                    .as("the second one leads")
                    .isTrue();
            // It lives, as it happens, and was wronged: it does not lead any more, nor believe so.
            await(() -> !leads.hasLeadership(), "the first one knows");
        }
    }

    @Test
    void whoOnlyLosesConnectionsGoesOnLeading() throws Exception {
        try (CuratorFramework first = client();
                CuratorFramework second = client();
                LeaderLatch leads = new LeaderLatch(first, "/latch");
                LeaderLatch waits = new LeaderLatch(second, "/latch");
                Vigil watcher = Vigil.begin(second, HOST);
                ServerSocket door = told(first)) {
            long session = session(first);
            leads.start();
            assertThat(leads.await(PATIENCE_S, SECONDS)).isTrue();
            waits.start();
            for (int i = 0; i < 5; i++) {
                // Each is made because the one before it had ended.
                door.accept().close();
            }
            try (var held = door.accept()) {
                assertThat(session(first)).isEqualTo(session);
                assertThat(leads.hasLeadership()).isTrue();
                assertThat(waits.hasLeadership()).isFalse();
            }
        }
    }

    @Test
    void whosePortClosesLastHasEndedAllTheSame() throws Exception {
        try (CuratorFramework first = client();
                CuratorFramework second = client();
                Vigil watcher = Vigil.begin(second, HOST);
                ServerSocket door = told(first)) {
            long session = session(first);
            door.accept().close();
            // Taken in by the operating system, for a process that takes nobody in any more.
            door.accept().close();
            door.close();
            await(() -> !names(second).contains(Peer.name(session)), "the session has ended");
        }
    }

    @Test
    void whatIsToldForAnotherSessionIsLeftAlone() throws Exception {
        try (CuratorFramework first = client();
                CuratorFramework second = client();
                CuratorFramework third = client();
                Vigil watcher = Vigil.begin(third, HOST);
                ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Peer peer = Peer.of(
                    HOST, door.getLocalPort(), first.getZookeeperClient().getZooKeeper());
            // As of one that lost its session between reading its number and telling of it.
            second.create()
                    .creatingParentsIfNeeded()
                    .withMode(CreateMode.EPHEMERAL)
                    .forPath(Vigil.PATH + "/" + Peer.name(session(first)), peer.toBytes());
            try (ServerSocket other = told(second)) {
                other.accept().close();
            }
            await(() -> !names(third).contains(Peer.name(session(first))), "ended with the one that told it");
            door.setSoTimeout(1);
            assertThatThrownBy(door::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void twoWatchEachOtherAndNothingEnds() throws Exception {
        try (CuratorFramework first = client();
                CuratorFramework second = client();
                Vigil one = Vigil.begin(first, HOST);
                Vigil other = Vigil.begin(second, HOST)) {
            await(() -> names(first).size() == 2, "both are told of");
            List<String> names = names(first);
            assertThat(names).contains(Peer.name(session(first)), Peer.name(session(second)));
            await(() -> one.holds(session(second)) && other.holds(session(first)), "each is watched");
            one.close();
            await(() -> names(second).equals(List.of(Peer.name(session(second)))), "only the one that goes is ended");
        }
    }

    @Test
    void whoHasANewSessionIsToldOfAnew() throws Exception {
        try (CuratorFramework first = client();
                CuratorFramework second = client();
                Vigil one = Vigil.begin(first, HOST);
                Vigil other = Vigil.begin(second, HOST)) {
            await(() -> names(second).size() == 2, "both are told of");
            long before = session(first);
            ZooKeeper own = first.getZookeeperClient().getZooKeeper();
            try (ZooKeeper same = new ZooKeeper(address(), SESSION_MS, event -> {}, before, own.getSessionPasswd())) {
                await(() -> same.getState().isConnected(), "speaks as the first one");
            }
            await(() -> session(first) != before && other.holds(session(first)), "told of anew, and still watched");
            String after = Peer.name(session(first));
            one.close();
            await(() -> !names(second).contains(after), "and ended with its process");
        }
    }

    @Test
    void whatIsNoTellingIsLeftAlone() throws Exception {
        try (CuratorFramework first = client();
                CuratorFramework second = client();
                Vigil watcher = Vigil.begin(second, HOST)) {
            first.create()
                    .creatingParentsIfNeeded()
                    .withMode(CreateMode.EPHEMERAL)
                    .forPath(Vigil.PATH + "/nonsense", "who knows".getBytes(StandardCharsets.UTF_8));
            try (ServerSocket door = told(first)) {
                // The others are watched all the same.
                door.accept().close();
            }
            await(() -> !names(second).contains("nonsense"), "the dead one's session, nonsense and all");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsRefused() throws Exception {
        try (CuratorFramework client = client()) {
            assertThatThrownBy(() -> Vigil.begin(client, "192.0.2.1")).isInstanceOf(java.io.IOException.class);
        }
    }

    @Test
    void aPeerIsReadAsItWasWritten() {
        Peer peer = new Peer("::1", 4711, -2L, "AP8H");
        assertThat(Peer.of(peer.toBytes())).isEqualTo(peer);
        assertThat(peer.password()).containsExactly(0, -1, 7);
        assertThat(peer.toString()).doesNotContain("AP8H");
    }

    /** Tells of a process whose door the test keeps. */
    private static ServerSocket told(CuratorFramework client) throws Exception {
        ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ZooKeeper own = client.getZookeeperClient().getZooKeeper();
        Peer peer = Peer.of(HOST, door.getLocalPort(), own);
        client.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .forPath(Vigil.PATH + "/" + Peer.name(own.getSessionId()), peer.toBytes());
        return door;
    }

    private CuratorFramework client() throws InterruptedException {
        CuratorFramework client =
                CuratorFrameworkFactory.newClient(address(), SESSION_MS, 5_000, new RetryOneTime(100));
        client.start();
        assertThat(client.blockUntilConnected(PATIENCE_S, SECONDS)).isTrue();
        return client;
    }

    private String address() {
        return HOST + ":" + server.getLocalPort();
    }

    private static long session(CuratorFramework client) throws Exception {
        return client.getZookeeperClient().getZooKeeper().getSessionId();
    }

    private static List<String> names(CuratorFramework client) throws Exception {
        return client.checkExists().forPath(Vigil.PATH) == null
                ? List.of()
                : client.getChildren().forPath(Vigil.PATH);
    }

    private static void await(Callable<Boolean> condition, String what) throws Exception {
        long end = System.nanoTime() + SECONDS.toNanos(PATIENCE_S);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
