package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.config.Secret;
import touchline.redislink.RedisAddress;
import touchline.sandbox.Await;
import touchline.sandbox.RedisServer;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;

/**
 * A job writes, Redis loses, hangs and is meddled with, in any order; a relay's board follows. At every beat that it is
 * told, it holds all that the job had said by then; and in the end it holds what the job holds.
 */
class FollowerLawsIT {

    private static final int SHARDS = 3;

    @TempDir
    Path data;

    static Stream<Integer> seeds() {
        return IntStream.rangeClosed(1, Math.max(6, Integer.getInteger("touchline.seeds", 0) / 50))
                .boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aBeatVouchesForAllThatWasSaidBeforeItAndInTheEndNothingIsMissing(int seed) throws IOException {
        try (RedisServer server = RedisServer.start(0, List.of("dir " + data));
                World world = new World(server, data, new Random(seed))) {
            for (int i = 0; i < 60; i++) {
                world.step();
            }
            world.settle();
            assertThat(world.judge.breaches).isEmpty();
            assertThat(world.judge.vouched.get()).as("beats that were judged").isPositive();
        }
    }

    /** Between the follower and the board: what the board holds when a beat is told. */
    private static final class Judge implements ShardListener {
        private final Board board = new Board(512, 900_000, Time.SYSTEM, new Counters(), new Board.Audience() {
            @Override
            public void changed(Match match) {}

            @Override
            public void flush() {}
        });
        /** By beat: where each match was when it was written. */
        private final Map<Long, Map<String, Position>> said = new ConcurrentHashMap<>();

        private final Map<String, Position> furthest = new HashMap<>();
        private final List<String> breaches = new CopyOnWriteArrayList<>();
        private final AtomicInteger vouched = new AtomicInteger();
        private volatile int count;

        @Override
        public void shards(int count) {
            this.count = count;
            board.shards(count);
        }

        @Override
        public boolean update(int shard, MarketUpdate update) {
            boolean fits = board.update(shard, update);
            watch(update.match());
            return fits;
        }

        @Override
        public boolean image(int shard, MarketUpdate image) {
            boolean fits = board.image(shard, image);
            watch(image.match());
            return fits;
        }

        private void watch(String match) {
            Position now = position(match);
            Position before = furthest.get(match);
            if (before != null && (now == null || now.compareTo(before) < 0)) {
                breaches.add(match + " went back from " + before + " to " + now);
            }
            if (now != null) {
                furthest.put(match, now);
            }
        }

        @Override
        public void complete(int shard, Set<String> matches) {
            board.complete(shard, matches);
        }

        @Override
        public void beat(int shard, long beatMs, long generation) {
            Shards shards = new Shards(count);
            said.getOrDefault(beatMs, Map.of()).forEach((match, position) -> {
                Position held = position(match);
                if (shards.of(match) == shard && (held == null || held.compareTo(position) < 0) && !isBehind(match)) {
                    breaches.add("beat " + beatMs + " of shard " + shard + " with " + match + " at " + held
                            + ", which was at " + position);
                }
            });
            vouched.incrementAndGet();
            board.beat(shard, beatMs, generation);
        }

        @Override
        public void away(int shard, String reason) {}

        @Override
        public void flush() {}

        private boolean isBehind(String match) {
            Match known = board.match(match);
            return known != null && board.isBehind(known);
        }

        private @Nullable Position position(String match) {
            Match known = board.match(match);
            MatchState state = known == null ? null : known.state();
            return state == null ? null : state.position;
        }
    }

    /** The job, its Redis, and what happens to them. */
    private static final class World implements AutoCloseable {
        private final RedisServer server;
        private final Path data;
        private final Random random;
        private final RedisAddress address;
        private final Judge judge = new Judge();
        private final RedisFollower follower;
        private final List<Story> stories = new ArrayList<>();
        private Pen pen;
        private long clock = 1;
        private int strays;

        World(RedisServer server, Path data, Random random) {
            this.server = server;
            this.data = data;
            this.random = random;
            address = new RedisAddress(server.uri(), "", Secret.NONE, "", "full", 500);
            pen = new Pen(address, SHARDS);
            follower = RedisFollower.start(address, judge, new Tally());
        }

        void step() throws IOException {
            switch (random.nextInt(14)) {
                case 0 -> server.command("SAVE");
                case 1 -> {
                    // As long ago as it was saved, or never.
                    server.restartEmpty();
                    restartJob();
                }
                case 2 -> {
                    server.command("FLUSHALL");
                    restartJob();
                }
                case 3 -> {
                    Files.deleteIfExists(data.resolve("dump.rdb"));
                    server.restartEmpty();
                    restartJob();
                }
                case 4 -> server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                case 5 -> {
                    Shards shards = new Shards(SHARDS);
                    server.command("XADD", shards.streamKey(random.nextInt(SHARDS)), "*", "stray", "" + strays++);
                }
                case 6 -> server.command("XTRIM", new Shards(SHARDS).streamKey(random.nextInt(SHARDS)), "MAXLEN", "0");
                case 7 -> restartJob();
                case 8 -> Await.until("a beat", Duration.ofSeconds(20), this::isTold);
                default -> talk();
            }
        }

        private void talk() {
            for (int i = random.nextInt(30); i >= 0; i--) {
                if (stories.isEmpty() || random.nextInt(12) == 0) {
                    Story story = new Story("manual:" + stories.size());
                    stories.add(story);
                    write(story.begin("match/n", "0"));
                } else {
                    Story story = stories.get(random.nextInt(stories.size()));
                    if (!story.cells().containsKey("match/ended")) {
                        write(
                                random.nextInt(20) == 0
                                        ? story.end()
                                        : story.patch("match/n", "" + random.nextInt(100), "h2h/home", "1.5"));
                    }
                }
            }
            beat();
        }

        private void beat() {
            Map<String, Position> now = new HashMap<>();
            stories.forEach(story -> now.put(story.match(), story.position()));
            long at = ++clock;
            judge.said.put(at, now);
            try {
                pen.beat(at);
            } catch (RuntimeException e) {
                restartJob();
            }
        }

        /** What cannot be written restarts the job, whose books have gone on. */
        private void write(MarketUpdate update) {
            try {
                pen.write(update);
            } catch (RuntimeException e) {
                restartJob();
            }
        }

        private void restartJob() {
            pen.close();
            pen = new Pen(address, SHARDS);
            stories.forEach(story -> pen.write(story.image()));
        }

        private boolean isTold() {
            beat();
            return IntStream.range(0, SHARDS)
                    .allMatch(shard -> judge.board.pulse(shard).generation() == 1);
        }

        void settle() {
            talk();
            for (Story story : stories) {
                Await.until(
                        "all of " + story.match() + " at " + story.position(),
                        Duration.ofSeconds(30),
                        () -> story.position().equals(judge.position(story.match())));
            }
            int before = judge.vouched.get();
            Await.until("a last beat of each", Duration.ofSeconds(20), () -> {
                beat();
                return judge.vouched.get() > before + 2 * SHARDS;
            });
        }

        @Override
        public void close() {
            follower.close();
            pen.close();
        }
    }
}
