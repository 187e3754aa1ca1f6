package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import touchline.sandbox.RedisServer;

/** Which process does what at this moment, where several could. */
final class Roles {

    static final List<String> REDIS = List.of("redis-primary", "redis-replica");

    private final Scene scene;

    Roles(Scene scene) {
        this.scene = scene;
    }

    /** A worker that runs both jobs, if there is one. */
    Part worker() {
        Set<String> workers = scene.flink.workersOf("MarketJob");
        workers.retainAll(scene.flink.workersOf("IngestJob"));
        if (workers.isEmpty()) {
            workers.addAll(scene.flink.workersOf("MarketJob"));
        }
        return scene.standing.part(workers.iterator().next());
    }

    /** The relay that the client is with. */
    Part relay() {
        return scene.standing.part("relay-" + (scene.client().relay() + 1));
    }

    /** The JobManager that leads, by what it has logged. */
    Part leader() {
        Part leader = null;
        String latest = "";
        for (Part part : scene.standing.parts("jobmanager")) {
            if (!part.isUp()) {
                continue;
            }
            try {
                List<String> lines = Files.readAllLines(part.log()).stream()
                        .filter(line -> line.contains("DefaultDispatcherRunner was granted leadership"))
                        .toList();
                String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
                if (last.compareTo(latest) > 0) {
                    latest = last;
                    leader = part;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("reading " + part.log(), e);
            }
        }
        if (leader == null) {
            throw new IllegalStateException("no JobManager leads");
        }
        return leader;
    }

    /** The Redis that Sentinel tells everybody to go to. */
    Part redisPrimary() {
        int sentinel = scene.standing.part("redis-sentinel").port();
        String address = RedisServer.command(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", Servers.REDIS_NAME);
        int port = Integer.parseInt(
                address.lines().reduce((first, last) -> last).orElseThrow().strip());
        return REDIS.stream()
                .map(scene.standing::part)
                .filter(part -> part.port() == port)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("Sentinel names a Redis that is none of ours: " + address));
    }

    Part redisReplica() {
        String primary = redisPrimary().name();
        return scene.standing.part(
                REDIS.stream().filter(name -> !name.equals(primary)).findFirst().orElseThrow());
    }

    /** Until the replica has what the primary has, and Sentinel knows of it. */
    void awaitReplica() {
        Scene.await("Redis' replica to follow", () -> {
            String link = RedisServer.command(redisReplica().port(), "INFO", "replication");
            String known = RedisServer.command(
                    scene.standing.part("redis-sentinel").port(), "SENTINEL", "REPLICAS", Servers.REDIS_NAME);
            return link.contains("master_link_status:up")
                    && known.contains(Integer.toString(redisReplica().port()))
                    && !known.contains("s_down");
        });
    }

    /** Until Sentinel has made it the primary. */
    void awaitPrimary(Part heir) {
        Scene.await(
                heir.name() + " to be the primary",
                () -> redisPrimary().name().equals(heir.name())
                        && RedisServer.command(heir.port(), "INFO", "replication")
                                .contains("role:master"));
    }
}
