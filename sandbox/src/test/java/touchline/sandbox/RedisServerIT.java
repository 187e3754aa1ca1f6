package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisServerIT {

    @Test
    void answersCommandsAndEvictsAndSavesNothing() {
        try (RedisServer redis = RedisServer.start(0)) {
            assertThat(redis.command("SET", "a", "1")).isEqualTo("OK");
            assertThat(redis.command("GET", "a")).isEqualTo("1");
            assertThat(redis.command("GET", "b")).isEqualTo("(nil)");
            assertThat(redis.command("CONFIG", "GET", "maxmemory-policy")).endsWith("noeviction");
            assertThat(redis.command("CONFIG", "GET", "save")).isEqualTo("save\n");
        }
    }

    @Test
    void comesBackEmptyOnTheSamePort() {
        try (RedisServer redis = RedisServer.start(0)) {
            redis.command("SET", "a", "1");
            redis.restartEmpty();
            assertThat(redis.command("DBSIZE")).isEqualTo("0");
        }
    }

    @Test
    void nothingIsLeftOfAClosedServer() {
        RedisServer redis = RedisServer.start(0);
        redis.close();
        assertThat(redis.isRunning()).isFalse();
        assertThatThrownBy(() -> redis.command("PING")).isInstanceOf(java.io.UncheckedIOException.class);
    }

    @Test
    void aBadConfigurationIsToldWithTheServersOwnWords() {
        assertThatThrownBy(() -> RedisServer.start(0, List.of("no-such-directive 1")))
                .hasMessageContaining("no-such-directive");
    }

    @Test
    void aFrozenServerAnswersAgainAfterTheThaw() {
        try (RedisServer redis = RedisServer.start(0)) {
            redis.freeze();
            redis.thaw();
            assertThat(redis.command("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void aSentinelPromotesTheReplicaOfADeadMaster() {
        try (RedisServer master = RedisServer.start(0);
                RedisServer replica = RedisServer.start(0, List.of("replicaof 127.0.0.1 " + master.port()));
                RedisServer sentinel = RedisServer.startSentinel(0, "main", master.port(), 1, List.of())) {
            master.command("SET", "a", "1");
            Await.until(
                    "the replica to have it",
                    Duration.ofSeconds(20),
                    () -> replica.command("GET", "a").equals("1"));
            Await.until(
                    "the sentinel to know the replica",
                    Duration.ofSeconds(30),
                    () -> sentinel.command("SENTINEL", "replicas", "main").contains(Integer.toString(replica.port())));
            master.kill();
            Await.until(
                    "the replica to be master",
                    Duration.ofSeconds(60),
                    () -> replica.command("ROLE").startsWith("master"));
            assertThat(replica.command("GET", "a")).isEqualTo("1");
        }
    }

    @Test
    void aClusterServesAllSlots() {
        try (RedisCluster cluster = RedisCluster.start(3, 1)) {
            assertThat(cluster.masters().get(0).command("CLUSTER", "INFO"))
                    .contains("cluster_slots_ok:16384")
                    .contains("cluster_size:3");
            assertThat(cluster.replicas()).hasSize(3);
        }
    }
}
