package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import touchline.config.Secret;
import touchline.redislink.RedisAddress;
import touchline.sandbox.Await;
import touchline.sandbox.Certificates;
import touchline.sandbox.Detour;
import touchline.sandbox.RedisCluster;
import touchline.sandbox.RedisServer;
import touchline.update.Shards;

/** The ways in which Redis is run: alone with TLS and users, watched by sentinels, as a cluster. */
class RedisFollowerTopologiesIT {

    /** Who may do no more than a follower must. */
    private static final String READER =
            "reader on >s3cret %R~tl:* -@all +get +hmget +hgetall +zrange +xread +hello +ping";

    private final Notes notes = new Notes();
    private final Tally tally = new Tally();

    @AfterEach
    void nothingWasBroken() {
        assertThat(notes.breaches()).isEmpty();
    }

    @Test
    void followsOverTlsAsAUserWhoMayOnlyRead() throws Exception {
        Certificates tls = Certificates.make();
        int port = freePort();
        List<String> lines = List.of(
                "tls-port " + port,
                "tls-cert-file " + tls.certificate(),
                "tls-key-file " + tls.key(),
                "tls-auth-clients no",
                "user " + READER);
        try (RedisServer server = RedisServer.start(0, lines);
                Pen pen = new Pen(address(server.uri()), 4)) {
            RedisAddress reader = new RedisAddress(
                    "rediss://127.0.0.1:" + port,
                    "reader",
                    password(),
                    tls.certificate().toString(),
                    "full",
                    600);
            Notes distrusting = new Notes();
            Tally dials = new Tally();
            try (RedisFollower follower = RedisFollower.start(reader, notes, tally);
                    RedisFollower stranger = RedisFollower.start(
                            new RedisAddress(reader.uri(), "reader", password(), "", "full", 600),
                            distrusting,
                            dials)) {
                tells(pen, stories());
                assertThat(follower.isAlive()).isTrue();
                await("some attempts", () -> dials.dialled.get() > 2);
                assertThat(stranger.isAlive()).isTrue();
            }
            assertThat(distrusting.shards())
                    .as("a certificate of nobody that the JDK knows")
                    .isZero();
        }
        assertThat(tally.reloads).isEmpty();
    }

    @Test
    void followsAClusterThroughTheDeathOfAMaster() {
        try (RedisCluster cluster = RedisCluster.start(3, 1)) {
            RedisAddress address = address("redis-cluster://" + cluster.uris().replace("redis://", ""));
            List<Story> stories = stories();
            List<RedisServer> nodes = new ArrayList<>(cluster.masters());
            nodes.addAll(cluster.replicas());
            for (RedisServer node : nodes) {
                List<String> user = new ArrayList<>(List.of("ACL", "SETUSER"));
                user.addAll(List.of((READER + " +cluster +info +readonly").split(" ")));
                node.command(user.toArray(new String[0]));
            }
            RedisAddress reader = new RedisAddress(address.uri(), "reader", password(), "", "full", 600);
            try (RedisFollower follower = RedisFollower.start(reader, notes, tally)) {
                try (Pen pen = new Pen(address, 12)) {
                    tells(pen, stories);
                    assertThat(follower.isAlive()).isTrue();
                }
                for (RedisServer master : cluster.masters()) {
                    await("the replica to have all", () -> caughtUp(master.command("INFO", "replication")));
                }
                cluster.masters().get(0).kill();
                String heir = ":" + cluster.replicas().get(0).port() + "@";
                List<RedisServer> alive = nodes.subList(1, nodes.size());
                // A writer asks any of them who has which slots.
                await(
                        "all to know the heir",
                        () -> alive.stream()
                                .allMatch(node -> node.command("CLUSTER", "NODES")
                                        .lines()
                                        .anyMatch(line -> line.contains(heir)
                                                && line.contains("master")
                                                && !line.contains("fail"))));
                try (Pen pen = new Pen(address, 12)) {
                    stories.forEach(story -> pen.write(story.patch("match/n", "2")));
                    pen.beat(99);
                    awaitHeld(stories);
                    await(
                            "the beats of all shards",
                            () -> IntStream.range(0, 12).allMatch(shard -> notes.beat(shard) == 99));
                }
            }
        }
        assertThat(notes.refused()).isZero();
    }

    @Test
    void followsSentinelsFromOneMasterToTheNext() {
        try (RedisServer master = RedisServer.start(0);
                RedisServer replica = RedisServer.start(0, List.of("replicaof 127.0.0.1 " + master.port()))) {
            await(
                    "the replica to follow",
                    () -> replica.command("INFO", "replication").contains("master_link_status:up"));
            try (RedisServer sentinel = RedisServer.startSentinel(0, "mymaster", master.port(), 1, List.of())) {
                await(
                        "the sentinel to know the replica",
                        () -> sentinel.command("SENTINEL", "REPLICAS", "mymaster")
                                .contains(Integer.toString(replica.port())));
                RedisAddress address = address("redis-sentinel://127.0.0.1:" + sentinel.port() + "#mymaster");
                List<Story> stories = stories();
                try (RedisFollower follower = RedisFollower.start(address, notes, tally)) {
                    try (Pen pen = new Pen(address, 4)) {
                        tells(pen, stories);
                        assertThat(follower.isAlive()).isTrue();
                    }
                    await("the replica to have all", () -> caughtUp(master.command("INFO", "replication")));
                    // A master that hangs and comes back is a deposed one: whoever still reads from it must notice.
                    master.freeze();
                    await("the replica to be the master", () -> isMaster(replica));
                    master.thaw();
                    try (Pen pen = new Pen(address(replica.uri()), 4)) {
                        stories.forEach(story -> pen.write(story.patch("match/n", "2")));
                        pen.beat(99);
                        awaitHeld(stories);
                        await("the beats", () -> IntStream.range(0, 4).allMatch(shard -> notes.beat(shard) == 99));
                    }
                }
            }
        }
    }

    @Test
    void aMasterThatNobodyWritesToAnyMoreIsLeftForTheOneThatHasItsAddressNow() throws Exception {
        try (RedisServer old = RedisServer.start(0);
                RedisServer heir = RedisServer.start(0);
                Detour detour = Detour.to(old.port())) {
            List<Story> stories = stories();
            try (RedisFollower follower =
                    RedisFollower.start(address("redis://127.0.0.1:" + detour.port()), notes, tally)) {
                try (Pen pen = new Pen(address(old.uri()), 4)) {
                    tells(pen, stories);
                    assertThat(follower.isAlive()).isTrue();
                }
                inherit(heir, old);
                detour.lead(heir.port());
                try (Pen pen = new Pen(address(heir.uri()), 4)) {
                    stories.forEach(story -> pen.write(story.patch("match/n", "2")));
                    pen.beat(99);
                    awaitHeld(stories);
                    await("the beats", () -> IntStream.range(0, 4).allMatch(shard -> notes.beat(shard) == 99));
                }
            }
        }
        assertThat(tally.reloads).isEmpty();
    }

    /** Its watch is everybody's: they see the new master's beats, and must not take its streams for those that they read. */
    @Test
    void whereOneShardLeavesADeposedMasterTheOthersFollow() throws Exception {
        try (RedisServer old = RedisServer.start(0);
                RedisServer heir = RedisServer.start(0);
                Detour detour = Detour.to(old.port())) {
            List<Story> stories = stories();
            try (RedisFollower follower =
                    RedisFollower.start(address("redis://127.0.0.1:" + detour.port()), notes, tally)) {
                Shards shards;
                try (Pen pen = new Pen(address(old.uri()), 4)) {
                    tells(pen, stories);
                    shards = pen.shards();
                }
                inherit(heir, old);
                detour.lead(heir.port());
                try (Pen pen = new Pen(address(heir.uri()), 4)) {
                    stories.forEach(story -> pen.write(story.patch("match/n", "2")));
                    pen.beat(1_000_000);
                    AtomicInteger beat = new AtomicInteger(42);
                    await("all that the heir has", () -> {
                        for (int shard = 1; shard < 4; shard++) {
                            old.command("SET", shards.beatKey(shard), Integer.toString(beat.incrementAndGet()));
                        }
                        return stories.stream().allMatch(notes::holds)
                                && IntStream.range(0, 4).allMatch(shard -> notes.beat(shard) == 1_000_000);
                    });
                }
                assertThat(follower.isAlive()).isTrue();
            }
        }
        assertThat(tally.reloads).isEmpty();
    }

    private void tells(Pen pen, List<Story> stories) {
        stories.forEach(story -> pen.write(story.begin("match/n", "0")));
        await("the images", notes::isComplete);
        stories.forEach(story -> pen.write(story.patch("match/n", "1")));
        awaitHeld(stories);
        pen.beat(42);
        await("the beats", () -> IntStream.range(0, pen.shards().count()).allMatch(shard -> notes.beat(shard) == 42));
    }

    private void awaitHeld(List<Story> stories) {
        for (Story story : stories) {
            await("all of " + story.match(), () -> notes.holds(story));
        }
    }

    private static List<Story> stories() {
        return IntStream.range(0, 40).mapToObj(i -> new Story("manual:" + i)).toList();
    }

    private static Secret password() {
        return new Secret("file:" + Certificates.file("password", "s3cret\n"));
    }

    private static RedisAddress address(String uri) {
        return new RedisAddress(uri, "", Secret.NONE, "", "full", 600);
    }

    /** Has the one replica acknowledged all that the master has written? */
    /** The heir is a master that has all that the old one has. */
    private static void inherit(RedisServer heir, RedisServer old) {
        heir.command("REPLICAOF", "127.0.0.1", Integer.toString(old.port()));
        // Before that both are at offset 0, which looks like having all.
        await("the heir to follow", () -> heir.command("INFO", "replication").contains("master_link_status:up"));
        await("the heir to have all", () -> caughtUp(old.command("INFO", "replication")));
        heir.command("REPLICAOF", "NO", "ONE");
    }

    private static boolean caughtUp(String replication) {
        String offset = replication.replaceAll("(?s).*master_repl_offset:(\\d+).*", "$1");
        return replication.contains(",offset=" + offset + ",");
    }

    private static boolean isMaster(RedisServer server) {
        try {
            return server.command("ROLE").startsWith("master");
        } catch (UncheckedIOException e) {
            // Who becomes the master breaks its connections.
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        Await.until(what, Duration.ofSeconds(40), condition);
    }
}
