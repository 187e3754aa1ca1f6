package touchline.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A real Redis Cluster of some masters, each with replicas, on loopback; all slots are served when it is there. */
public final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;
    /** A node's port for the other nodes lies this much above its own. */
    private static final int BUS_ABOVE = 10_000;

    private final List<RedisServer> masters = new ArrayList<>();
    private final List<RedisServer> replicas = new ArrayList<>();

    private RedisCluster() {}

    public static RedisCluster start(int masters, int replicasEach) {
        RedisCluster cluster = new RedisCluster();
        try {
            cluster.form(masters, replicasEach);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    public List<RedisServer> masters() {
        return List.copyOf(masters);
    }

    public List<RedisServer> replicas() {
        return List.copyOf(replicas);
    }

    /** All nodes' addresses, separated by commas. */
    public String uris() {
        return all().stream().map(RedisServer::uri).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        all().forEach(RedisServer::close);
    }

    private List<RedisServer> all() {
        List<RedisServer> all = new ArrayList<>(masters);
        all.addAll(replicas);
        return all;
    }

    private void form(int masterCount, int replicasEach) {
        for (int i = 0; i < masterCount; i++) {
            masters.add(node());
        }
        for (int i = 0; i < masterCount * replicasEach; i++) {
            replicas.add(node());
        }
        for (int i = 0; i < masterCount; i++) {
            List<String> assign = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = SLOTS * i / masterCount; slot < SLOTS * (i + 1) / masterCount; slot++) {
                assign.add(Integer.toString(slot));
            }
            masters.get(i).command(assign.toArray(new String[0]));
        }
        for (RedisServer server : all()) {
            masters.get(0).command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(server.port()));
        }
        int nodes = all().size();
        Await.until(
                "all nodes to know each other",
                Duration.ofSeconds(30),
                () -> all().stream()
                        .allMatch(
                                server -> server.command("CLUSTER", "INFO").contains("cluster_known_nodes:" + nodes)));
        for (int i = 0; i < replicas.size(); i++) {
            String master = masters.get(i / replicasEach).command("CLUSTER", "MYID");
            replicas.get(i).command("CLUSTER", "REPLICATE", master);
        }
        Await.until(
                "the cluster to serve all slots",
                Duration.ofSeconds(30),
                () -> all().stream()
                        .allMatch(server -> server.command("CLUSTER", "INFO").contains("cluster_state:ok")));
        Await.until(
                "replicas to be in sync",
                Duration.ofSeconds(30),
                () -> replicas.stream()
                        .allMatch(
                                server -> server.command("INFO", "replication").contains("master_link_status:up")));
    }

    private static RedisServer node() {
        int port = FreePort.withOneAbove(BUS_ABOVE);
        return RedisServer.start(port, List.of("cluster-enabled yes", "cluster-node-timeout 2000"));
    }
}
