package touchline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.redis.RedisAnswerException.Answer;
import touchline.sandbox.Await;
import touchline.sandbox.Certificates;
import touchline.sandbox.RedisCluster;
import touchline.sandbox.RedisServer;
import touchline.update.Shards;

/** The ways in which Redis is run: alone with TLS and users, watched by sentinels, as a cluster. */
class RedisTopologiesIT {

    @Test
    void writesOverTlsAsAnAclUser() throws Exception {
        Certificates tls = Certificates.make();
        int port = freePort();
        List<String> lines = List.of(
                "tls-port " + port,
                "tls-cert-file " + tls.certificate(),
                "tls-key-file " + tls.key(),
                "tls-auth-clients no",
                "user app on >s3cret ~tl:* +@all");
        try (RedisServer server = RedisServer.start(0, lines)) {
            String[] settings = {
                "uri=rediss://127.0.0.1:" + port,
                "username=app",
                "password=file:" + Certificates.file("password", "s3cret\n"),
                "tlsCa=" + tls.certificate()
            };
            RedisConfig config = Desk.config(settings);
            List<Book> books = write(config);
            RedisClient client = RedisClient.create();
            try {
                assertHolds(client.connect(RedisURI.create(server.uri())).sync(), config, books);
            } finally {
                client.shutdown();
            }

            settings[3] = "attempts=1";
            assertThatThrownBy(() -> new Desk(Desk.config(settings)).close())
                    .as("a certificate of nobody that the JDK knows")
                    .hasStackTraceContaining("certificat");
        }
    }

    @Test
    void writesToAClusterAndSpreadsItsShards() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(3, 0)) {
            RedisConfig config = Desk.config(uri(cluster), "shards=12");
            List<Book> books = write(config);
            RedisClusterClient client = RedisClusterClient.create(
                    RedisURI.create(cluster.masters().get(0).uri()));
            try {
                assertHolds(client.connect().sync(), config, books);
            } finally {
                client.shutdown();
            }
            for (RedisServer master : cluster.masters()) {
                assertThat(master.command("KEYS", "*:meta").lines()).hasSize(4);
            }
        }
    }

    @Test
    void aClusterThatFailsOverIsWrittenOn() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(3, 1)) {
            RedisConfig config = Desk.config(uri(cluster), "timeoutMs=500", "attempts=60", "beatMs=60000");
            List<Book> books = books();
            try (Desk desk = new Desk(config)) {
                for (Book book : books) {
                    desk.write(book.begin(Map.of("match/n", "0")));
                }
                desk.flush();
                for (RedisServer master : cluster.masters()) {
                    Await.until(
                            "the replica to have all",
                            Duration.ofSeconds(10),
                            () -> caughtUp(master.command("INFO", "replication")));
                }
                cluster.masters().get(0).kill();
                for (Book book : books) {
                    desk.write(book.patch(Map.of("match/n", "1")));
                }
                desk.flush();
            }
            RedisClusterClient client = RedisClusterClient.create(
                    RedisURI.create(cluster.masters().get(1).uri()));
            try {
                assertHolds(client.connect().sync(), config, books);
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    void aFailoverBySentinelThatDropsTheLastUpdatesIsNoticedAndImagesHealIt() throws Exception {
        try (RedisServer master = RedisServer.start(0);
                RedisServer replica = RedisServer.start(0, List.of("replicaof 127.0.0.1 " + master.port()))) {
            Await.until(
                    "the replica to follow",
                    Duration.ofSeconds(20),
                    () -> replica.command("INFO", "replication").contains("master_link_status:up"));
            try (RedisServer sentinel = RedisServer.startSentinel(0, "mymaster", master.port(), 1, List.of())) {
                Await.until(
                        "the sentinel to know the replica",
                        Duration.ofSeconds(30),
                        () -> sentinel.command("SENTINEL", "REPLICAS", "mymaster")
                                .contains(Integer.toString(replica.port())));
                RedisConfig config = Desk.config(
                        "uri=redis-sentinel://127.0.0.1:" + sentinel.port() + "#mymaster",
                        "timeoutMs=500",
                        "attempts=60");
                List<Book> books = books();
                try (Desk desk = new Desk(config)) {
                    for (Book book : books) {
                        desk.write(book.begin(Map.of("match/n", "0")));
                    }
                    desk.flush();
                    Await.until(
                            "the replica to have all",
                            Duration.ofSeconds(10),
                            () -> caughtUp(master.command("INFO", "replication")));
                    // From here on the replica hears nothing: what Redis now confirms will be gone. Its socket would
                    // keep what it did not read.
                    replica.freeze();
                    master.command("CLIENT", "KILL", "TYPE", "replica");
                    for (Book book : books) {
                        desk.write(book.patch(Map.of("match/n", "1")));
                    }
                    desk.flush();
                    master.kill();
                    replica.thaw();
                    assertThat(Desk.refusal(() -> desk.thread().until("the loss to be noticed", () -> false))
                                    .answer())
                            .isEqualTo(Answer.LOST);
                }
                try (Desk desk = new Desk(config)) {
                    for (Book book : books) {
                        desk.write(book.image());
                        desk.write(book.patch(Map.of("match/n", "2")));
                    }
                    desk.flush();
                }
                RedisClient client = RedisClient.create();
                try {
                    assertHolds(client.connect(RedisURI.create(replica.uri())).sync(), config, books);
                } finally {
                    client.shutdown();
                }
            }
        }
    }

    private static List<Book> write(RedisConfig config) throws Exception {
        List<Book> books = books();
        try (Desk desk = new Desk(config)) {
            for (Book book : books) {
                desk.write(book.begin(Map.of("match/n", "0", "h2h/home", "2.5")));
            }
            for (int i = 1; i <= 20; i++) {
                for (Book book : books) {
                    desk.write(book.patch(Map.of("match/n", Integer.toString(i))));
                }
            }
            desk.flush();
        }
        return books;
    }

    private static String uri(RedisCluster cluster) {
        return "uri=redis-cluster://" + cluster.uris().replace("redis://", "");
    }

    private static List<Book> books() {
        List<Book> books = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            books.add(new Book("manual:" + i, 1, 5));
        }
        return books;
    }

    private static void assertHolds(RedisClusterCommands<String, String> redis, RedisConfig config, List<Book> books) {
        Shards shards = new Shards(config.shards());
        RedisView view = new RedisView(redis, shards);
        for (Book book : books) {
            RedisView.Image image = new RedisView.Image(book.position(), book.cells());
            assertThat(view.image(book.match())).isEqualTo(image);
            assertThat(view.fold(shards.of(book.match())).get(book.match())).isEqualTo(image);
        }
    }

    /** Has the one replica acknowledged all that the master has written? */
    private static boolean caughtUp(String replication) {
        String offset = replication.replaceAll("(?s).*master_repl_offset:(\\d+).*", "$1");
        return replication.contains(",offset=" + offset + ",");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
