package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import touchline.redis.RedisAnswerException.Answer;
import touchline.sandbox.Detour;
import touchline.sandbox.RedisServer;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/**
 * The law: whatever is lost, repeated or set back, in the end Redis holds the fold of all that was said, and a reader
 * of its streams met no gap, no repeat and no step back. A schedule is a seed.
 */
@SuppressWarnings("NullAway.Init")
class RandomFaultsIT {

    private static final int UPDATES = 1_500;
    private static final int MATCHES = 12;
    private static final String DUMP = """
            local all = {}
            for _, key in ipairs(redis.call('KEYS', '*')) do
              all[#all + 1] = key
              all[#all + 1] = redis.call('DUMP', key)
            end
            return all""";

    private static RedisServer server;
    private static RedisClient client;

    /** One thing said, and the book that said it, as it was then. */
    private record Said(MarketUpdate update, Book book) {}

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

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void endsWithTheFoldOfAllThatWasSaid(int seed) throws Exception {
        server.command("FLUSHALL");
        try (Detour network = Detour.to(server.port())) {
            Run run = new Run(new Random(seed), network);
            run.toTheEnd();
            run.verify();
        }
    }

    private static final class Run {
        private final Random random;
        private final Detour network;
        private final RedisConfig config;
        private final RedisConfig direct;
        private final List<Said> log;
        private final RedisCommands<String, byte[]> redis = client.connect(
                        RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), RedisURI.create(server.uri()))
                .sync();
        private @Nullable Map<String, byte[]> snapshot;
        private @Nullable Desk zombie;
        private int checkpoint;
        private int faults;
        private int restarts;

        Run(Random random, Detour network) {
            this.random = random;
            this.network = network;
            config = Desk.config(
                    "uri=redis://127.0.0.1:" + network.port(),
                    "shards=3",
                    "batchMax=7",
                    "maxInFlight=40",
                    "timeoutMs=500",
                    "backoffMs=5");
            direct = Desk.config("uri=" + server.uri(), "shards=3");
            log = log(random);
        }

        void toTheEnd() throws Exception {
            boolean done = false;
            while (!done) {
                Desk desk = open();
                try {
                    work(desk);
                    done = true;
                    desk.close();
                } catch (RuntimeException e) {
                    assertHealable(e);
                    restarts++;
                    zombie = desk;
                }
            }
        }

        /** From the last checkpoint to the end, unless something breaks. */
        private void work(Desk desk) throws Exception {
            ArrayDeque<String> images = new ArrayDeque<>(lastSaid(checkpoint).keySet());
            Set<String> imaged = new HashSet<>();
            Map<String, Said> restored = lastSaid(checkpoint);
            for (int at = checkpoint; at < log.size(); at++) {
                Said said = log.get(at);
                image(desk, restored, imaged, said.update().match());
                if (!images.isEmpty() && random.nextInt(4) == 0) {
                    image(desk, restored, imaged, images.remove());
                }
                desk.write(said.update());
                if (random.nextInt(20) == 0) {
                    desk.write(said.update());
                }
                desk.watermark(at);
                if (random.nextInt(60) == 0) {
                    desk.flush();
                    checkpoint = at + 1;
                }
                if (random.nextInt(50) == 0 && faults < 25) {
                    faults++;
                    fault();
                }
            }
            for (String match : images) {
                image(desk, restored, imaged, match);
            }
            desk.flush();
            // A beat of every shard, so that a loss after the last update does not stay unseen.
            desk.watermark(log.size());
            RedisView view = Desk.view(client, direct);
            desk.thread().until("the last beat", () -> {
                for (int shard = 0; shard < 3; shard++) {
                    if (view.beat(shard) < log.size()) {
                        return false;
                    }
                }
                return true;
            });
            checkpoint = log.size();
        }

        private void image(Desk desk, Map<String, Said> restored, Set<String> imaged, String match)
                throws IOException, InterruptedException {
            Said said = restored.get(match);
            if (said != null && imaged.add(match)) {
                desk.write(said.book().image());
            }
        }

        private void fault() {
            switch (random.nextInt(6)) {
                case 0 -> network.loseAnswers(1 + random.nextInt(3));
                case 1 -> network.breakConnections();
                case 2 -> server.command("FLUSHALL");
                case 3 -> server.command("SCRIPT", "FLUSH");
                case 4 -> snapshot = dump();
                default -> setBack();
            }
        }

        /** What Redis holds, at one moment: names and values in one script, calls are on their way all the time. */
        private Map<String, byte[]> dump() {
            Map<String, byte[]> dump = new HashMap<>();
            List<byte[]> all = redis.eval(DUMP, ScriptOutputType.MULTI);
            for (int i = 0; i < all.size(); i += 2) {
                dump.put(new String(all.get(i), UTF_8), all.get(i + 1));
            }
            return dump;
        }

        /** A failover to a replica that was behind. */
        private void setBack() {
            Map<String, byte[]> to = snapshot;
            if (to == null) {
                return;
            }
            redis.multi();
            redis.flushall();
            to.forEach((key, value) -> redis.restore(key, 0, value));
            redis.exec();
        }

        /** A new writer; the one before is not yet dead, and may say something. */
        private Desk open() throws Exception {
            Desk desk = new Desk(config);
            Desk dead = zombie;
            zombie = null;
            if (dead != null) {
                if (random.nextBoolean()) {
                    // Not a position that anything here ever has.
                    MarketUpdate ghost = new Book("manual:0", 1, 1).begin(Map.of("match/n", "from the dead"));
                    RedisAnswerException refusal = Desk.refusal(() -> {
                        dead.write(ghost);
                        dead.flush();
                    });
                    assertThat(refusal.answer()).isIn(Answer.FENCED, Answer.LOST, Answer.GAP);
                }
                dead.close();
            }
            return desk;
        }

        private void assertHealable(RuntimeException e) {
            assertThat(Desk.refusal(() -> {
                                throw e;
                            })
                            .answer()
                            .stops())
                    .as(e.toString())
                    .isFalse();
        }

        private Map<String, Said> lastSaid(int before) {
            Map<String, Said> last = new HashMap<>();
            for (Said said : log.subList(0, before)) {
                last.put(said.update().match(), said);
            }
            return last;
        }

        void verify() {
            assertThat(faults).isGreaterThan(5);
            assertThat(restarts).isPositive();
            Shards shards = new Shards(3);
            RedisView view = Desk.view(client, direct);
            Map<String, Said> last = lastSaid(log.size());
            assertThat(last).hasSize(MATCHES);
            List<Map<String, RedisView.Image>> folds = List.of(view.fold(0), view.fold(1), view.fold(2));
            last.forEach((match, said) -> {
                RedisView.Image image =
                        new RedisView.Image(said.book().position(), said.book().cells());
                assertThat(view.image(match)).isEqualTo(image);
                assertThat(folds.get(shards.of(match)).get(match)).isEqualTo(image);
            });
        }
    }

    private static List<Said> log(Random random) {
        List<Said> log = new ArrayList<>();
        Map<String, Book> books = new HashMap<>();
        for (int at = 0; at < UPDATES; at++) {
            String match = "manual:" + (at < MATCHES ? at : random.nextInt(MATCHES));
            Book book = books.get(match);
            MarketUpdate update;
            if (book == null || book.hasEnded()) {
                book = new Book(match, 1, 1_000 + at);
                books.put(match, book);
                update = book.begin(cells(random));
            } else if (random.nextInt(60) == 0) {
                update = book.end();
            } else {
                update = book.patch(changes(random, book));
            }
            log.add(new Said(update, book.copy()));
        }
        return log;
    }

    private static Map<String, String> cells(Random random) {
        Map<String, String> cells = new HashMap<>();
        for (String group : List.of("match", "h2h", "totals:3.5")) {
            for (int i = 0; i < 3; i++) {
                cells.put(group + "/f" + i, Integer.toString(random.nextInt(100)));
            }
        }
        return cells;
    }

    private static Map<String, @Nullable String> changes(Random random, Book book) {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("match/n", Integer.toString(random.nextInt(1_000_000)));
        for (String cell : List.of("h2h/f0", "h2h/f1", "h2h/f2", "btts/yes", "totals:3.5/f0")) {
            if (random.nextInt(3) == 0) {
                boolean delete = random.nextInt(3) == 0 && book.cells().containsKey(cell);
                changes.put(cell, delete ? null : Integer.toString(random.nextInt(100)));
            }
        }
        return changes;
    }
}
