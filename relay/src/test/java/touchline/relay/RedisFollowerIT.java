package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import touchline.config.Secret;
import touchline.redislink.RedisAddress;
import touchline.sandbox.Await;
import touchline.sandbox.RedisServer;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/** One Redis and everything that may happen to it. */
class RedisFollowerIT {

    private static final int SHARDS = 4;

    @TempDir
    Path data;

    private Notes notes = new Notes();
    private final Tally tally = new Tally();
    private RedisServer server;
    private RedisFollower follower;

    @BeforeEach
    void start() {
        // What is saved there outlives the process.
        server = RedisServer.start(0, List.of("dir " + data));
        follower = RedisFollower.start(address(), notes, tally);
    }

    @AfterEach
    void stop() {
        follower.close();
        notes.closed();
        server.close();
        assertThat(notes.breaches()).isEmpty();
    }

    @Test
    void startsWithTheImagesAndGoesOnWithTheStreamWhileAWriterWrites() {
        List<Story> stories = stories(300);
        AtomicBoolean enough = new AtomicBoolean();
        try (Pen pen = pen()) {
            begin(pen, stories);
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                for (int i = 0; !enough.get(); i++) {
                    for (Story story : stories) {
                        pen.write(story.patch("match/n", "" + i, "h2h/home", "2." + (i % 9 + 1)));
                    }
                }
            });
            for (int i = 0; i < 5; i++) {
                follower.close();
                Notes fresh = new Notes();
                follower = RedisFollower.start(address(), fresh, tally);
                await("the images", fresh::isComplete);
                await("some entries", () -> fresh.told().size() > 1_000);
                follower.close();
                fresh.closed();
                assertThat(fresh.refused()).isZero();
                assertThat(fresh.breaches()).isEmpty();
                assertThat(fresh.flushes()).isPositive();
            }
            notes = new Notes();
            follower = RedisFollower.start(address(), notes, tally);
            await("the images", notes::isComplete);
            enough.set(true);
            writing.join();
            awaitHeld(stories);
        }
        assertThat(notes.refused()).isZero();
        assertThat(tally.reloads).isEmpty();
        assertThat(tally.unreadable).hasValue(0);
    }

    @Test
    void waitsForAnEmptyRedisToBeWritten() {
        List<Story> stories = stories(5);
        assertThat(notes.isComplete()).isFalse();
        try (Pen pen = pen()) {
            await("the shards", notes::isComplete);
            begin(pen, stories);
            awaitHeld(stories);
        }
        assertThat(notes.shards()).isEqualTo(SHARDS);
    }

    @Test
    void tellsBeatsAndGenerationsOfEachShard() {
        try (Pen pen = new Pen(address(), SHARDS, 7)) {
            await("the shards", notes::isComplete);
            await("no beat to be known", () -> all(shard -> notes.beat(shard) == -1 && notes.generation(shard) == 7));
            pen.beat(1_234);
            await("the beats", () -> all(shard -> notes.beat(shard) == 1_234));
            pen.beat(1_235);
            await("the next beats", () -> all(shard -> notes.beat(shard) == 1_235));
        }
    }

    @Test
    void tellsOfEndedMatchesAsEnded() {
        Story running = new Story("manual:1");
        Story ended = new Story("manual:2");
        try (Pen pen = pen()) {
            begin(pen, List.of(running, ended));
            pen.write(ended.end());
            List<MarketUpdate.Kind> kinds = new ArrayList<>();
            Notes reader = new Notes() {
                @Override
                public synchronized boolean image(int shard, MarketUpdate image) {
                    if (image.match().equals(ended.match())) {
                        kinds.add(image.kind());
                    }
                    return super.image(shard, image);
                }
            };
            try (RedisFollower second = RedisFollower.start(address(), reader, new Tally())) {
                await("the images", reader::isComplete);
                assertThat(second.isAlive()).isTrue();
            }
            assertThat(kinds).containsExactly(MarketUpdate.Kind.END);
            assertThat(reader.holds(ended)).isTrue();
        }
    }

    @Test
    void aRestartWithAllDataIsGoneThroughWithoutReadingImagesAgain() {
        List<Story> stories = stories(40);
        try (Pen pen = pen()) {
            begin(pen, stories);
            awaitHeld(stories);
        }
        server.command("SAVE");
        server.restartEmpty();
        try (Pen pen = pen()) {
            stories.forEach(story -> pen.write(story.patch("match/n", "1")));
            awaitHeld(stories);
        }
        assertThat(tally.reloads).isEmpty();
        assertThat(notes.refused()).isZero();
    }

    @Test
    void aWipeIsHealedByImagesAndWhatIsNoLongerThereIsTold() {
        List<Story> stories = stories(40);
        Story forgotten = new Story("manual:forgotten");
        try (Pen pen = pen()) {
            begin(pen, stories);
            begin(pen, List.of(forgotten));
            awaitHeld(stories);
            awaitHeld(List.of(forgotten));
        }
        server.restartEmpty();
        await("all shards to be away", () -> notes.away().size() == SHARDS);
        assertThat(notes.held(forgotten.match())).as("while Redis is empty").isNotNull();
        try (Pen pen = pen()) {
            stories.forEach(story -> pen.write(story.image()));
            stories.forEach(story -> pen.write(story.patch("match/n", "1")));
            awaitHeld(stories);
            await("the forgotten one to go", () -> notes.held(forgotten.match()) == null);
        }
    }

    @Test
    void aWipeIntoAnotherCountOfShardsIsFollowed() {
        List<Story> stories = stories(40);
        try (Pen pen = pen()) {
            begin(pen, stories);
            awaitHeld(stories);
        }
        server.command("FLUSHALL");
        try (Pen pen = new Pen(address(), 7)) {
            stories.forEach(story -> pen.write(story.image()));
            stories.forEach(story -> pen.write(story.patch("match/n", "1")));
            await("the new count", () -> notes.shards() == 7 && notes.isComplete());
            awaitHeld(stories);
            pen.beat(5);
            await("the beats", () -> IntStream.range(0, 7).allMatch(shard -> notes.beat(shard) == 5));
        }
        assertThat(tally.states).hasSize(7);
    }

    @Test
    void aLostSuffixIsNoticedWhileAllMatchesAreQuietAndNobodyGoesBack() {
        List<Story> stories = stories(40);
        try (Pen pen = pen()) {
            begin(pen, stories);
            server.command("SAVE");
            stories.forEach(story -> pen.write(story.patch("match/n", "1")));
            awaitHeld(stories);
        }
        server.restartEmpty();
        await("the loss to be noticed", () -> tally.reloads.size() >= SHARDS);
        assertThat(tally.reloads).containsOnly("set_back");
        awaitHeld(stories);
        try (Pen pen = pen()) {
            // As the restarted job: first what it holds, then what is new.
            stories.forEach(story -> pen.write(story.image()));
            stories.forEach(story -> pen.write(story.patch("match/n", "2")));
            awaitHeld(stories);
        }
        assertThat(notes.refused()).isZero();
    }

    @Test
    void aSuffixThatWasLostAndWrittenOverIsNoticedByTheChain() {
        List<Story> stories = stories(40);
        try (Pen pen = pen()) {
            begin(pen, stories);
            server.command("SAVE");
            stories.forEach(story -> pen.write(story.patch("match/n", "1")));
            awaitHeld(stories);
        }
        server.restartEmpty();
        try (Pen pen = pen()) {
            stories.forEach(story -> pen.write(story.image()));
            stories.forEach(story -> pen.write(story.patch("match/n", "2")));
            awaitHeld(stories);
        }
        await("all shards to be read again", () -> tally.reloads.size() >= SHARDS);
    }

    @Test
    void entriesThatWereTrimmedBeforeTheyWereReadAreMissed() {
        Story story = new Story("manual:1");
        try (Pen pen = pen()) {
            begin(pen, List.of(story));
            awaitHeld(List.of(story));
            MarketUpdate lost = story.patch("match/n", "1");
            // All at once, so that nobody can have read it.
            server.command(
                    "EVAL",
                    "local id = redis.call('XADD', KEYS[1], '*', 'prev', 'x', 'u', 'x')"
                            + " redis.call('XTRIM', KEYS[1], 'MAXLEN', '0')"
                            + " redis.call('HSET', KEYS[2], 'last', id)"
                            + " redis.call('HSET', KEYS[3], '#pos', ARGV[1], 'match/n', '1', '#sum/match', ARGV[2])",
                    "3",
                    pen.shards().streamKey(pen.shards().of(story.match())),
                    pen.shards().metaKey(pen.shards().of(story.match())),
                    pen.shards().matchKey(story.match()),
                    lost.position().toString(),
                    String.valueOf(lost.sums().get("match")));
            awaitHeld(List.of(story));
        }
        assertThat(tally.reloads).containsExactly("trimmed");
    }

    @Test
    void anEntryOfSomebodyElseIsPassedOver() {
        Story story = new Story("manual:1");
        try (Pen pen = pen()) {
            begin(pen, List.of(story));
            awaitHeld(List.of(story));
            String stream = pen.shards().streamKey(pen.shards().of(story.match()));
            server.command("XADD", stream, "*", "who", "me");
            server.command("XADD", stream, "*", "prev", "0-0", "u", "{}");
            await("it to be seen", () -> tally.unreadable.get() > 0);
            pen.write(story.patch("match/n", "1"));
            awaitHeld(List.of(story));
            pen.beat(77);
            await("the beats", () -> all(shard -> notes.beat(shard) == 77));
        }
        // Who reads the stream's end just when the next entry has been written cannot tell it from a gap, and reads
        // again.
        assertThat(tally.reloads).isSubsetOf("gap").hasSizeLessThan(2);
    }

    @Test
    void anEntryThatCannotBeReadIsMadeUpForByTheImages() {
        Story story = new Story("manual:1");
        try (Pen pen = pen()) {
            begin(pen, List.of(story));
            awaitHeld(List.of(story));
            int shard = pen.shards().of(story.match());
            MarketUpdate spoilt = story.patch("match/n", "1");
            server.command(
                    "EVAL",
                    "local id = redis.call('XADD', KEYS[1], '*', 'prev', redis.call('HGET', KEYS[2], 'last'), 'u', '{')"
                            + " redis.call('HSET', KEYS[2], 'last', id)"
                            + " redis.call('HSET', KEYS[3], '#pos', ARGV[1], 'match/n', '1', '#sum/match', ARGV[2])",
                    "3",
                    pen.shards().streamKey(shard),
                    pen.shards().metaKey(shard),
                    pen.shards().matchKey(story.match()),
                    spoilt.position().toString(),
                    String.valueOf(spoilt.sums().get("match")));
            awaitHeld(List.of(story));
        }
        assertThat(tally.unreadable).hasValue(1);
        assertThat(tally.reloads).containsExactly("gap");
    }

    @Test
    void aSpoiltHashIsReadAgainUntilItIsWholeAndTheOthersGoOn() {
        List<Story> stories = stories(40);
        Story spoilt = stories.get(7);
        follower.close();
        notes = new Notes();
        try (Pen pen = pen()) {
            begin(pen, stories);
            server.command("HSET", pen.shards().matchKey(spoilt.match()), "match/n", "99");
            follower = RedisFollower.start(address(), notes, tally);
            await("the images", notes::isComplete);
            assertThat(notes.held(spoilt.match())).isNull();
            List<Story> others = new ArrayList<>(stories);
            others.remove(spoilt);
            others.forEach(story -> pen.write(story.patch("match/n", "1")));
            awaitHeld(others);
            // It fits nothing that is held.
            pen.write(spoilt.patch("h2h/home", "1.5"));
            await("it to be refused", () -> notes.refused() > 1);
            pen.write(spoilt.patch("match/n", "2"));
            awaitHeld(stories);
        }
        assertThat(tally.reloads).isEmpty();
        assertThat(tally.doubted.get()).isPositive();
    }

    @Test
    void keysOfAnotherTypeSilenceOnlyTheirShardUntilTheyAreGone() {
        List<Story> stories = stories(40);
        Shards shards = new Shards(SHARDS);
        try (Pen pen = pen()) {
            begin(pen, stories);
            pen.beat(1);
            awaitHeld(stories);
            await("the beats", () -> all(shard -> notes.beat(shard) == 1));
            // The writer's stream is away, and its end and beat go on: what it said then nobody can have read.
            server.command(
                    "EVAL",
                    "redis.call('SET', KEYS[1], 'mine')"
                            + " redis.call('HSET', KEYS[2], 'last', '99999999999999-0')"
                            + " redis.call('SET', KEYS[3], '2')",
                    "3",
                    shards.streamKey(0),
                    shards.metaKey(0),
                    shards.beatKey(0));
            await("the shard to be away", () -> notes.away().containsKey(0));
            List<Story> others = stories.stream()
                    .filter(story -> shards.of(story.match()) != 0)
                    .toList();
            for (int i = 2; i < 5; i++) {
                String n = "" + i;
                others.forEach(story -> pen.write(story.patch("match/n", n)));
                awaitHeld(others);
                server.command("SET", shards.beatKey(1), n);
                await("a beat of another shard", () -> notes.beat(1) == Long.parseLong(n));
            }
            assertThat(notes.beat(0)).as("a beat before what it vouches for").isEqualTo(1);
        }
        server.command("HSET", shards.metaKey(0), "last", "0-0");
        try (Pen pen = pen()) {
            stories.forEach(story -> pen.write(story.image()));
            stories.forEach(story -> pen.write(story.patch("match/n", "9")));
            awaitHeld(stories);
        }
    }

    @Test
    void aRedisThatHangsIsAwayAndComesBack() {
        List<Story> stories = stories(10);
        try (Pen pen = pen()) {
            begin(pen, stories);
            awaitHeld(stories);
            server.freeze();
            try {
                await("all shards to be away", () -> notes.away().size() == SHARDS);
            } finally {
                server.thaw();
            }
            stories.forEach(story -> pen.write(story.patch("match/n", "1")));
            awaitHeld(stories);
            pen.beat(3);
            await("the beats", () -> all(shard -> notes.beat(shard) == 3));
        }
        assertThat(notes.away()).isEmpty();
        assertThat(tally.reloads).isEmpty();
    }

    @Test
    void aFaultInTheListenerStopsNothing() {
        Story story = new Story("manual:1");
        Notes fragile = new Notes() {
            private int faults;

            @Override
            public synchronized boolean update(int shard, MarketUpdate update) {
                if (faults++ == 0) {
                    throw new IllegalStateException("this test");
                }
                return super.update(shard, update);
            }
        };
        try (Pen pen = pen();
                RedisFollower second = RedisFollower.start(address(), fragile, new Tally())) {
            await("the shards", fragile::isComplete);
            begin(pen, List.of(story));
            await("the image in place of the fault", () -> fragile.holds(story));
            pen.write(story.patch("match/n", "1"));
            await("the next one", () -> fragile.holds(story));
            assertThat(second.isAlive()).isTrue();
        }
    }

    private static List<Story> stories(int count) {
        return IntStream.range(0, count).mapToObj(i -> new Story("manual:" + i)).toList();
    }

    private static void begin(Pen pen, List<Story> stories) {
        stories.forEach(story -> pen.write(story.begin("match/n", "0")));
    }

    private Pen pen() {
        return new Pen(address(), SHARDS);
    }

    private RedisAddress address() {
        return new RedisAddress(server.uri(), "", Secret.NONE, "", "full", 600);
    }

    private void awaitHeld(List<Story> stories) {
        for (Story story : stories) {
            await("all of " + story.match(), () -> notes.holds(story));
        }
    }

    private static boolean all(IntPredicate holds) {
        return IntStream.range(0, SHARDS).allMatch(holds);
    }

    private static void await(String what, BooleanSupplier condition) {
        Await.until(what, Duration.ofSeconds(20), condition);
    }
}
