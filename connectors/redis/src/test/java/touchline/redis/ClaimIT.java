package touchline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import touchline.redis.RedisAnswerException.Answer;
import touchline.sandbox.Certificates;
import touchline.sandbox.RedisServer;
import touchline.update.Shards;

/** What a writer must be to write to a Redis that somebody wrote to before. */
@SuppressWarnings("NullAway.Init")
class ClaimIT {

    private static RedisServer server;
    private static RedisClient client;

    private RedisConfig config;
    private RedisView view;

    @BeforeAll
    static void start() {
        server = RedisServer.start(0);
        client = RedisClient.create();
    }

    @AfterAll
    static void stop() {
        client.shutdown();
        server.close();
    }

    @BeforeEach
    void empty() {
        server.command("FLUSHALL");
        config = Desk.config("uri=" + server.uri());
        view = Desk.view(client, config);
    }

    @Test
    void pinsTheShardsToItsLineage() throws Exception {
        new Desk(config, new Lineage(7, "r", "t")).close();
        assertThat(server.command("GET", Shards.COUNT_KEY)).isEqualTo("4");
        for (int shard = 0; shard < 4; shard++) {
            assertThat(view.redis().hgetall(new Shards(4).metaKey(shard)))
                    .containsEntry("shards", "4")
                    .containsEntry("generation", "7")
                    .containsEntry("rules", "r")
                    .containsEntry("topic", "t")
                    .containsEntry("last", "0-0");
        }
        assertThat(view.redis().keys("*probe*")).isEmpty();
    }

    @Test
    void refusesAnotherCountOfShards() throws Exception {
        new Desk(config).close();
        RedisConfig other = Desk.config("uri=" + server.uri(), "shards=8");
        assertStops(Answer.SHARDS, "set it to 4", other, Desk.LINEAGE);
    }

    @Test
    void refusesAnOlderGeneration() throws Exception {
        new Desk(config, new Lineage(10, "r", "t")).close();
        assertStops(Answer.OLD_GENERATION, "set market.generation to 10", config, new Lineage(9, "r", "t"));
    }

    @Test
    void refusesOtherRulesUnderTheSameGeneration() throws Exception {
        new Desk(config, new Lineage(7, "r", "t")).close();
        assertStops(Answer.OTHER_RULES, "raise market.generation", config, new Lineage(7, "s", "t"));
    }

    @Test
    void refusesAnotherLogUnderTheSameGeneration() throws Exception {
        new Desk(config, new Lineage(7, "r", "t")).close();
        assertStops(Answer.OTHER_TOPIC, "raise market.generation", config, new Lineage(7, "r", "u"));
    }

    @Test
    void aHigherGenerationTakesOver() throws Exception {
        Book old = new Book("manual:1", 7, 5);
        Book anew = new Book("manual:1", 8, 1);
        try (Desk desk = new Desk(config, new Lineage(7, "r", "t"))) {
            desk.write(old.begin(Map.of("match/n", "0")));
            desk.flush();
        }
        try (Desk desk = new Desk(config, new Lineage(8, "s", "u"))) {
            desk.write(anew.begin(Map.of("match/n", "1")));
            desk.flush();
        }
        assertThat(view.image("manual:1")).isEqualTo(new RedisView.Image(anew.position(), anew.cells()));
        assertThat(view.meta(0, "rules")).isEqualTo("s");
        assertThat(view.stream(new Shards(4).of("manual:1"))).hasSize(2);
    }

    @Test
    void whatSomebodyElseLeftUnderTheShardsKeysIsThrownAway() throws Exception {
        Shards shards = new Shards(4);
        int shard = shards.of("manual:1");
        for (String key : List.of(shards.metaKey(shard), shards.streamKey(shard), shards.indexKey(shard))) {
            view.redis().set(key, "no such thing");
        }
        view.redis().set(shards.beatKey(shard), "no number");
        Book book = new Book("manual:1", 1, 5);

        try (Desk desk = new Desk(config)) {
            desk.write(book.begin(Map.of("match/n", "0")));
            desk.watermark(1_700_000_000_500L);
            desk.flush();
        }

        assertThat(view.stream(shard)).hasSize(1);
        assertThat(view.index("manual:1")).isZero();
    }

    @Test
    void theBeatOfOneGenerationDoesNotVouchForTheNext() throws Exception {
        Shards shards = new Shards(4);
        int shard = shards.of("manual:1");
        try (Desk desk = new Desk(config)) {
            desk.write(new Book("manual:1", 1, 5).begin(Map.of("match/n", "0")));
            desk.watermark(1_700_000_000_500L);
            desk.flush();
        }
        view.redis().set(shards.beatKey(shard), "1700000000500");
        try (Desk desk = new Desk(config, new Lineage(9, "r", "t"))) {
            desk.flush();
        }
        assertThat(view.redis().get(shards.beatKey(shard))).isNotEqualTo("1700000000500");
    }

    @Test
    void theOneBeforeIsFencedOff() throws Exception {
        try (Desk zombie = new Desk(config);
                Desk desk = new Desk(config)) {
            Book book = new Book("manual:1", 1, 5);
            desk.write(book.begin(Map.of("match/n", "0")));
            desk.flush();
            zombie.write(book.copy().patch(Map.of("match/n", "1")));
            RedisAnswerException refusal = Desk.refusal(zombie::flush);
            assertThat(refusal.answer()).isEqualTo(Answer.FENCED);
            assertThat(view.image("manual:1"))
                    .extracting(RedisView.Image::position)
                    .isEqualTo(book.position());
        }
    }

    @Test
    void aMissingRightShowsBeforeTheFirstUpdate() {
        server.command("ACL", "SETUSER", "weak", "on", ">pw", "~tl:*", "+@all", "-zadd");
        server.command("ACL", "SETUSER", "default", "on", "nopass", "~*", "+@all");
        RedisConfig weak = Desk.config(
                "uri=" + server.uri(), "username=weak", "password=file:" + Certificates.file("password", "pw"));
        assertThatThrownBy(() -> new Desk(weak).close())
                .message()
                .containsPattern("can't run this command|no permissions to run the 'zadd' command")
                .contains("the user needs the keys tl:* and the commands EVAL");
        assertThat(view.meta(0, "writer")).isNull();
    }

    @Test
    void aWrongPasswordIsSaidAtOnceAndNeverRepeated() {
        RedisConfig wrong = Desk.config(
                "uri=" + server.uri(), "username=nobody", "password=file:" + Certificates.file("password", "s3cret"));
        assertThatThrownBy(() -> new Desk(wrong).close())
                .hasStackTraceContaining("WRONGPASS")
                .satisfies(e -> assertThat(org.assertj.core.util.Throwables.getStackTrace(e))
                        .doesNotContain("s3cret"));
        // A busy machine may need more than one attempt to get through at all.
        List<String> denied = server.command("ACL", "LOG").lines().toList();
        assertThat(denied.get(denied.indexOf("count") + 1)).isEqualTo("1");
    }

    private static void assertStops(Answer answer, String remedy, RedisConfig config, Lineage lineage) {
        assertThatThrownBy(() -> new Desk(config, lineage).close())
                .isInstanceOf(SuppressRestartsException.class)
                .cause()
                .isInstanceOf(RedisAnswerException.class)
                .hasMessageContaining(answer + ": ")
                .hasMessageContaining(remedy);
    }
}
