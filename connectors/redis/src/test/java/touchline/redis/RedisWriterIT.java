package touchline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import touchline.redis.RedisAnswerException.Answer;
import touchline.sandbox.Detour;
import touchline.sandbox.RedisServer;
import touchline.update.Shards;

/** The writer against a real Redis that is wiped, frozen, cut off and filled up. */
@SuppressWarnings("NullAway.Init")
class RedisWriterIT {

    private RedisServer server;
    private Detour network;
    private RedisClient client;

    @BeforeEach
    void start() {
        server = RedisServer.start(0);
        network = Detour.to(server.port());
        client = RedisClient.create();
    }

    @AfterEach
    void stop() {
        client.shutdown();
        network.close();
        server.close();
    }

    @Test
    void writesEveryMatchInItsOrder() throws Exception {
        RedisConfig config = config("batchMax=16", "maxInFlight=64");
        List<Book> books = books(20);
        try (Desk desk = new Desk(config)) {
            for (Book book : books) {
                desk.write(book.begin(Map.of("match/n", "0", "h2h/home", "2.5")));
            }
            for (int i = 1; i <= 100; i++) {
                for (Book book : books) {
                    desk.write(book.patch(Map.of("match/n", Integer.toString(i))));
                }
            }
            desk.flush();
            assertHolds(config, books);
        }
    }

    @Test
    void aFlushWaitsUntilRedisHasConfirmedAll() throws Exception {
        RedisConfig config = config();
        Book book = new Book("manual:1", 1, 5);
        try (Desk desk = new Desk(config)) {
            server.freeze();
            desk.write(book.begin(Map.of("match/n", "0")));
            Thread thaw = new Thread(server::thaw);
            assertThat(desk.inFlight()).isEqualTo(1);
            thaw.start();
            desk.flush();
            assertThat(desk.inFlight()).isZero();
            thaw.join();
            assertHolds(config, List.of(book));
        }
    }

    @Test
    void neverHoldsMoreThanItMay() throws Exception {
        RedisConfig config = config("batchMax=8", "maxInFlight=32");
        List<Book> books = books(10);
        try (Desk desk = new Desk(config)) {
            for (Book book : books) {
                desk.write(book.begin(Map.of("match/n", "0")));
            }
            long most = 0;
            for (int i = 0; i < 200; i++) {
                for (Book book : books) {
                    desk.write(book.patch(Map.of("match/n", Integer.toString(i))));
                    most = Math.max(most, desk.inFlight());
                }
            }
            assertThat(most).isEqualTo(32);
            desk.flush();
            assertHolds(config, books);
        }
    }

    @Test
    void anAnswerLostOnTheWayIsNoLoss() throws Exception {
        RedisConfig config = config("batchMax=8");
        List<Book> books = books(10);
        try (Desk desk = new Desk(config)) {
            for (Book book : books) {
                desk.write(book.begin(Map.of("match/n", "0")));
            }
            desk.flush();
            for (int i = 0; i < 30; i++) {
                if (i % 3 == 0) {
                    network.loseAnswers(1);
                }
                for (Book book : books) {
                    desk.write(book.patch(Map.of("match/n", Integer.toString(i))));
                }
                desk.flush();
            }
            assertThat(network.lostAnswers()).isGreaterThan(5);
            assertHolds(config, books);
        }
    }

    @Test
    void aConnectionThatSwallowsEverythingIsReplaced() throws Exception {
        RedisConfig config = config("timeoutMs=200");
        Book book = new Book("manual:1", 1, 5);
        try (Desk desk = new Desk(config)) {
            desk.write(book.begin(Map.of("match/n", "0")));
            desk.flush();
            network.forgetConnections();
            desk.write(book.patch(Map.of("match/n", "1")));
            desk.flush();
            assertHolds(config, List.of(book));
        }
    }

    @Test
    void aRedisThatAnswersLateIsWaitedFor() throws Exception {
        RedisConfig config = config("timeoutMs=100", "attempts=100");
        List<Book> books = books(10);
        try (Desk desk = new Desk(config)) {
            for (Book book : books) {
                desk.write(book.begin(Map.of("match/n", "0")));
            }
            server.freeze();
            for (Book book : books) {
                desk.write(book.patch(Map.of("match/n", "1")));
            }
            // Several attempts time out meanwhile, and Redis finds them all when it wakes up.
            long until = System.nanoTime() + 500_000_000L;
            desk.thread().until("some attempts to have timed out", () -> System.nanoTime() - until > 0);
            server.thaw();
            desk.flush();
            assertHolds(config, books);
        }
    }

    @Test
    void givesUpAfterTheConfiguredAttempts() throws Exception {
        RedisConfig config = config("timeoutMs=50", "backoffMs=1", "attempts=3");
        try (Desk desk = new Desk(config)) {
            server.freeze();
            desk.write(new Book("manual:1", 1, 5).begin(Map.of("match/n", "0")));
            assertThatThrownBy(desk::flush).hasStackTraceContaining("Redis did not take a call in 3 attempts");
            server.thaw();
        }
    }

    @Test
    void aWipeIsNoticedWhenAllMatchesAreQuiet() throws Exception {
        try (Desk desk = new Desk(config())) {
            desk.write(new Book("manual:1", 1, 5).begin(Map.of("match/n", "0")));
            desk.flush();
            server.command("FLUSHALL");
            RedisAnswerException refusal = Desk.refusal(() -> desk.thread().until("the beat to notice", () -> false));
            assertThat(refusal.answer()).isEqualTo(Answer.LOST);
            assertThat(refusal).hasMessageContaining("Redis holds nothing").hasMessageContaining("image");
        }
    }

    @Test
    void aRestartWithEmptyMemoryIsNoticedAndImagesHealIt() throws Exception {
        RedisConfig config = config();
        List<Book> books = books(10);
        try (Desk desk = new Desk(config)) {
            for (Book book : books) {
                desk.write(book.begin(Map.of("match/n", "0")));
            }
            desk.flush();
            server.restartEmpty();
            Book first = books.get(0);
            desk.write(first.patch(Map.of("match/n", "1")));
            assertThat(Desk.refusal(desk::flush).answer()).isEqualTo(Answer.LOST);
        }
        try (Desk desk = new Desk(config)) {
            for (Book book : books) {
                desk.write(book.image());
            }
            desk.flush();
            assertHolds(config, books);
        }
    }

    @Test
    void aMatchThatRedisLostIsAGap() throws Exception {
        RedisConfig config = config();
        Book book = new Book("manual:1", 1, 5);
        try (Desk desk = new Desk(config)) {
            desk.write(book.begin(Map.of("match/n", "0")));
            desk.flush();
            server.command("DEL", new Shards(config.shards()).matchKey("manual:1"));
            desk.write(book.patch(Map.of("match/n", "1")));
            RedisAnswerException refusal = Desk.refusal(desk::flush);
            assertThat(refusal.answer()).isEqualTo(Answer.GAP);
            assertThat(refusal).hasMessageContaining("match=manual:1 patch 1.5-2, Redis holds nothing");
        }
    }

    @Test
    void whatAnOlderGenerationLeftEndsUnlessItIsToldOfAgain() throws Exception {
        RedisConfig config = config("leftoverMs=1", "shards=1");
        Book told = new Book("manual:1", 1, 5);
        Book left = new Book("manual:2", 1, 6);
        try (Desk desk = new Desk(config)) {
            desk.write(told.begin(Map.of("match/n", "0")));
            desk.write(left.begin(Map.of("h2h/@status", "open", "match/n", "0")));
            for (String foreign : List.of("manual:3", "manual:4")) {
                desk.write(new Book(foreign, 1, 6).begin(Map.of("match/n", "0")));
            }
            desk.flush();
        }
        // What somebody else wrote in a match's place hides no leftover.
        server.command("SET", new Shards(1).matchKey("manual:3"), "mine");
        server.command("HSET", new Shards(1).matchKey("manual:4"), "#pos", "1.x");
        Book again = new Book("manual:1", 2, 7);
        try (Desk desk = new Desk(config, new Lineage(2, "rules", "topic"))) {
            desk.write(again.begin(Map.of("match/n", "1")));
            desk.flush();
            desk.watermark(System.currentTimeMillis() + 60_000);
            RedisView view = Desk.view(client, direct(config));
            int shard = new Shards(config.shards()).of(left.match());
            desk.thread()
                    .until(
                            "the leftover's end",
                            // In one read: the stream and its meta are compared only when nobody writes.
                            () -> {
                                Double score = view.index(left.match());
                                return score != null && score > 0;
                            });
            assertThat(view.image(left.match()))
                    .isEqualTo(new RedisView.Image(
                            left.position().next(),
                            new TreeMap<>(Map.of("match/ended", "unlisted", "match/phase", "ended"))));
            assertThat(view.index(left.match())).isGreaterThan(0);
            assertThat(view.fold(shard).get(left.match())).isEqualTo(view.image(left.match()));
            assertHolds(config, List.of(again));
        }
    }

    @Test
    void aLeftoverThatHasComeAgainMeanwhileIsLeftAlone() throws Exception {
        RedisConfig config = config();
        Book left = new Book("manual:1", 1, 5);
        try (Desk desk = new Desk(config)) {
            desk.write(left.begin(Map.of("match/n", "0")));
            desk.flush();
        }
        Book again = new Book("manual:1", 2, 7);
        try (Desk desk = new Desk(config, new Lineage(2, "rules", "topic"))) {
            desk.write(again.begin(Map.of("match/n", "1")));
            desk.write(left.end());
            desk.flush();
            assertHolds(config, List.of(again));
        }
    }

    @Test
    void whatRunsTwiceWithAnotherResultStopsTheJob() throws Exception {
        RedisConfig config = config();
        Book book = new Book("manual:1", 1, 5);
        Book other = book.copy();
        try (Desk desk = new Desk(config)) {
            desk.write(book.begin(Map.of("match/n", "0")));
            desk.write(other.begin(Map.of("match/n", "1")));
            RedisAnswerException refusal = Desk.refusal(desk::flush);
            assertThat(refusal.answer()).isEqualTo(Answer.DIVERGED);
            assertThat(refusal)
                    .hasMessageContaining("1.5-1")
                    .hasMessageContaining(String.valueOf(book.image().sums().get("match")))
                    .hasMessageContaining(String.valueOf(other.image().sums().get("match")))
                    .hasMessageContaining("raise market.generation");
        }
    }

    @Test
    void theBeatFollowsTheLastConfirmedBatch() throws Exception {
        RedisConfig config = config();
        Shards shards = new Shards(config.shards());
        RedisView view = Desk.view(client, direct(config));
        Book book = new Book("manual:1", 1, 5);
        int shard = shards.of("manual:1");
        try (Desk desk = new Desk(config)) {
            desk.write(book.begin(Map.of("match/n", "0")));
            desk.watermark(1_000);
            desk.thread().until("the first beat", () -> view.beat(shard) == 1_000);
            server.freeze();
            desk.write(book.patch(Map.of("match/n", "1")));
            desk.write(book.patch(Map.of("match/n", "2")));
            desk.watermark(2_000);
            server.thaw();
            desk.thread().until("the second beat", () -> view.beat(shard) == 2_000);
            assertThat(view.image("manual:1"))
                    .extracting(RedisView.Image::position)
                    .isEqualTo(book.position());
            // The end of a bounded input is not a time.
            desk.watermark(Long.MAX_VALUE);
            desk.watermark(3_000);
            desk.thread().until("the third beat", () -> view.beat(shard) == 3_000);
        }
    }

    @Test
    void aBeatStaysBehindWhatStillWaits() throws Exception {
        RedisConfig config = config("shards=1", "batchMax=1", "beatMs=1");
        RedisView view = Desk.view(client, direct(config));
        Book book = new Book("manual:1", 1, 5);
        try (Desk desk = new Desk(config)) {
            desk.watermark(1_000);
            desk.write(book.begin(Map.of("match/n", "0")));
            for (int i = 1; i <= 200; i++) {
                desk.watermark(1_000 + i);
                desk.write(book.patch(Map.of("match/n", Integer.toString(i))));
            }
            long[] behind = {0};
            desk.thread().until("all to be written", () -> {
                long beat = view.beat(0);
                RedisView.Image image = view.image("manual:1");
                if (image != null && beat > 1_000) {
                    // The update that waits at 1,000 + i came after that watermark: all before it must be there.
                    assertThat(image.position().version()).isGreaterThanOrEqualTo(beat - 1_000);
                    behind[0]++;
                }
                return desk.inFlight() == 0;
            });
            assertThat(behind[0]).isPositive();
        }
    }

    @Test
    void aRedisThatIsFullSaysSoAndChangesNothing() throws Exception {
        RedisConfig config = config("attempts=2", "backoffMs=1");
        Book book = new Book("manual:1", 1, 5);
        try (Desk desk = new Desk(config)) {
            desk.write(book.begin(Map.of("match/n", "0")));
            desk.flush();
            Book held = book.copy();
            server.command("CONFIG", "SET", "maxmemory", "1");
            desk.write(book.begin(Map.of("match/n", "1")));
            assertThatThrownBy(desk::flush).hasStackTraceContaining("OOM");
            server.command("CONFIG", "SET", "maxmemory", "0");
            assertHolds(config, List.of(held));
        }
    }

    @Test
    void refusesAMatchOfAnotherWriter() throws Exception {
        RedisConfig config = config();
        Shards shards = new Shards(config.shards());
        Claim claim = new Claim(config, shards, Desk.LINEAGE);
        RedisLink link = claim.connect();
        int shard = shards.of("manual:1");
        List<ShardLine> others = claim.of(List.of((shard + 1) % shards.count()), link);
        try (Desk desk = new Desk(config, link, others)) {
            assertThatThrownBy(() -> desk.write(new Book("manual:1", 1, 5).begin(Map.of("match/n", "0"))))
                    .hasMessageContaining("RedisSink.byShard");
        }
    }

    private RedisConfig config(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("uri=redis://127.0.0.1:" + network.port());
        return Desk.config(all.toArray(String[]::new));
    }

    /** The same Redis, past the network that breaks. */
    private RedisConfig direct(RedisConfig config) {
        return Desk.config("uri=" + server.uri(), "shards=" + config.shards());
    }

    private void assertHolds(RedisConfig config, List<Book> books) {
        Shards shards = new Shards(config.shards());
        RedisView view = Desk.view(client, direct(config));
        for (Book book : books) {
            RedisView.Image image = new RedisView.Image(book.position(), book.cells());
            assertThat(view.image(book.match())).isEqualTo(image);
            assertThat(view.fold(shards.of(book.match())).get(book.match())).isEqualTo(image);
            assertThat(view.index(book.match())).isZero();
        }
    }

    private static List<Book> books(int count) {
        List<Book> books = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            books.add(new Book("manual:" + i, 1, 5));
        }
        return books;
    }
}
