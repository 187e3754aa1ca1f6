package touchline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.sandbox.RedisServer;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;
import touchline.update.Times;

/** The contract with Redis, row by row, against a real one. */
@SuppressWarnings("NullAway.Init")
class ApplyScriptIT {

    private static final String MATCH = "manual:1";
    private static final Times TIMES = new Times(1, 2, 3, 4, 0);

    private static RedisServer server;
    private static RedisConfig config;
    private static Shards shards;
    private static RedisLink link;
    private static RedisClient client;
    private static RedisView view;

    private ShardLine line;

    @BeforeAll
    static void start() {
        server = RedisServer.start(0);
        config = Desk.config("uri=" + server.uri(), "shards=1", "streamMax=200");
        shards = new Shards(1);
        link = RedisLink.open(config);
        client = RedisClient.create();
        view = Desk.view(client, config);
    }

    @AfterAll
    static void stop() {
        link.close();
        client.shutdown();
        server.close();
    }

    @BeforeEach
    void claim() throws Exception {
        view.redis().flushall();
        line = new Claim(config, shards, Desk.LINEAGE).of(List.of(0), link).get(0);
    }

    @ParameterizedTest(name = "{0} held, {1} {2} given: {3}")
    @CsvSource({
        // nothing held: only a whole state may begin
        "-,       patch, 1.5-1, GAP",
        "-,       patch, 1.5-7, GAP",
        "-,       image, 1.5-1, A",
        "-,       image, 1.5-7, A",
        "-,       end,   1.5-7, A",
        // same epoch
        "1.5-3,   patch, 1.5-4, A",
        "1.5-3,   patch, 1.5-5, GAP",
        "1.5-3,   patch, 1.5-3, R",
        "1.5-3,   patch, 1.5-2, R",
        "1.5-3,   image, 1.5-4, A",
        "1.5-3,   image, 1.5-9, A",
        "1.5-3,   image, 1.5-3, R",
        "1.5-3,   image, 1.5-2, R",
        "1.5-3,   end,   1.5-4, A",
        "1.5-3,   end,   1.5-3, R",
        "1.5-9,   patch, 1.5-10, A",
        "1.5-10,  patch, 1.5-9, R",
        // a book created later is newer, one created earlier older, whatever their versions
        "1.5-3,   image, 1.6-1, A",
        "1.5-3,   end,   1.6-1, A",
        "1.5-3,   patch, 1.6-4, GAP",
        "1.5-3,   patch, 1.6-1, GAP",
        "1.5-3,   patch, 1.4-9, R",
        "1.5-3,   image, 1.4-9, R",
        "1.10-3,  image, 1.9-9, R",
        // a generation is stronger than that
        "1.5-3,   image, 2.1-1, A",
        "1.5-3,   patch, 2.5-4, GAP",
        "9.5-3,   image, 10.1-1, A",
        "2.5-3,   image, 1.9-9, OLD_EPOCH",
        "2.5-3,   patch, 1.5-4, OLD_EPOCH",
        "2.5-3,   end,   1.5-3, OLD_EPOCH",
        // as large as it gets
        "1.9007199254740990-9007199254740990, patch, 1.9007199254740990-9007199254740991, A",
        "1.9007199254740990-3, patch, 1.9007199254740991-4, GAP",
    })
    void answersByPosition(String held, String kind, String given, String answer) {
        if (!held.equals("-")) {
            assertThat(apply(update("image", held, Map.of("match/x", "1"))).at(2))
                    .isEqualTo("A");
        }
        boolean applies = answer.equals("A");
        Map<String, String> cells = applies ? Map.of("match/x", "2") : Map.of("match/x", "1");

        Reply reply = apply(update(kind, given, cells));

        assertThat(reply.at(2) + (reply.first().equals("OK") ? "" : reply.first()))
                .isEqualTo(answer);
        RedisView.Image image = view.image(MATCH);
        if (applies) {
            assertThat(image).isEqualTo(new RedisView.Image(Position.parse(given), new TreeMap<>(cells)));
        } else if (held.equals("-")) {
            assertThat(image).isNull();
        } else {
            assertThat(image).isEqualTo(new RedisView.Image(Position.parse(held), new TreeMap<>(cells)));
        }
        int before = held.equals("-") ? 0 : 1;
        assertThat(view.stream(0)).hasSize(applies ? before + 1 : before);
        if (!reply.first().equals("OK")) {
            assertThat(reply.at(3)).isEqualTo(held.equals("-") ? "" : held);
        }
    }

    @Test
    void anEqualPositionWithAnotherSumHasDiverged() {
        apply(update("image", "1.5-3", Map.of("match/x", "1", "h2h/home", "2.5")));

        for (String kind : List.of("patch", "image", "end")) {
            Reply reply = apply(update(kind, "1.5-3", Map.of("match/x", "2")));
            assertThat(reply.words().subList(3, 6))
                    .containsExactly("1.5-3", "#sum/match", sum(Map.of("match/x", "1"), "match"));
            assertThat(reply.first()).isEqualTo("DIVERGED");
        }
    }

    @Test
    void anEqualPositionWhereAGroupIsGoneOrNewHasDiverged() {
        apply(update("image", "1.5-3", Map.of("match/x", "1", "h2h/home", "2.5")));
        MarketUpdate gone = with(update("patch", "1.5-3", Map.of("match/x", "1")), "h2h", null);
        MarketUpdate fresh = with(update("patch", "1.5-3", Map.of("match/x", "1")), "btts", "0000000000000001");
        MarketUpdate never = with(update("patch", "1.5-3", Map.of("match/x", "1")), "btts", null);

        assertThat(apply(gone).first()).isEqualTo("DIVERGED");
        assertThat(apply(fresh).words().subList(4, 6)).containsExactly("#sum/btts", "");
        assertThat(apply(never).at(2)).isEqualTo("R");
    }

    @Test
    void aPatchSetsAndDeletesAndAnImageReplacesAll() {
        Book book = new Book(MATCH, 1, 5);
        apply(book.begin(Map.of("match/x", "1", "h2h/home", "2.5", "h2h/away", "1.6")));
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("match/x", "2");
        changes.put("h2h/home", null);
        changes.put("h2h/away", null);
        apply(book.patch(changes));
        assertThat(view.image(MATCH)).isEqualTo(new RedisView.Image(book.position(), book.cells()));

        Book anew = new Book(MATCH, 1, 6);
        apply(anew.begin(Map.of("btts/yes", "1.9")));
        assertThat(view.image(MATCH)).isEqualTo(new RedisView.Image(anew.position(), anew.cells()));
        assertThat(view.fold(0).get(MATCH)).isEqualTo(view.image(MATCH));
    }

    @Test
    void anEndIsRememberedAsATombstoneAndALaterBookBeginsAnew() {
        Book book = new Book(MATCH, 1, 5);
        apply(book.begin(Map.of("match/x", "1")));
        assertThat(view.index(MATCH)).isZero();
        assertThat(view.redis().pttl(shards.matchKey(MATCH))).isEqualTo(-1);

        apply(book.end());
        assertThat(view.redis().pttl(shards.matchKey(MATCH))).isBetween(config.tombstoneMs() / 2, config.tombstoneMs());
        assertThat(view.index(MATCH)).isGreaterThan(1e12);

        apply(new Book(MATCH, 1, 6).begin(Map.of("match/x", "1")));
        assertThat(view.index(MATCH)).isZero();
        assertThat(view.redis().pttl(shards.matchKey(MATCH))).isEqualTo(-1);
    }

    @Test
    void aTombstoneThatIsOverLeavesTheIndexWithABeat() {
        view.redis().zadd(shards.indexKey(0), 1_000, "manual:old");
        view.redis().zadd(shards.indexKey(0), 0, "manual:live");

        beat(0);

        assertThat(view.index("manual:old")).isNull();
        assertThat(view.index("manual:live")).isZero();
    }

    @Test
    void theBeatNeverGoesBack() {
        beat(0);
        assertThat(view.beat(0)).isZero();
        beat(1_700_000_000_500L);
        beat(1_700_000_000_499L);
        assertThat(view.beat(0)).isEqualTo(1_700_000_000_500L);
    }

    @Test
    void stopsBeforeTheFirstThatCannotBeAppliedAndLeavesTheBeat() {
        Book one = new Book("manual:1", 1, 5);
        Book two = new Book("manual:2", 1, 5);
        MarketUpdate begin = one.begin(Map.of("match/x", "1"));
        MarketUpdate next = one.patch(Map.of("match/x", "2"));
        two.begin(Map.of("match/x", "1"));
        MarketUpdate missing = two.patch(Map.of("match/x", "2"));
        MarketUpdate after = one.patch(Map.of("match/x", "3"));

        Reply reply = call(1, line.last(), 77, List.of(begin, next, missing, after));

        assertThat(reply.words()).startsWith("GAP", reply.at(1), "AA", "");
        assertThat(view.image("manual:1")).extracting(RedisView.Image::position).isEqualTo(next.position());
        assertThat(view.image("manual:2")).isNull();
        assertThat(view.beat(0)).isZero();
        assertThat(view.stream(0)).hasSize(2);
    }

    @Test
    void anotherEndOfTheStreamIsLostAndChangesNothing() {
        MarketUpdate begin = new Book(MATCH, 1, 5).begin(Map.of("match/x", "1"));

        assertThat(call(1, "5-5", 77, List.of(begin)).words()).containsExactly("LOST", "0-0");
        view.redis().del(shards.metaKey(0));
        assertThat(call(1, "0-0", 77, List.of(begin)).words()).containsExactly("LOST", "");

        assertThat(view.image(MATCH)).isNull();
        assertThat(view.beat(0)).isZero();
    }

    @Test
    void theSameCallAgainIsAnsweredAsTheFirstTime() {
        Book book = new Book(MATCH, 1, 5);
        List<MarketUpdate> batch = List.of(book.begin(Map.of("match/x", "1")), book.patch(Map.of("match/x", "2")));

        Reply first = call(1, "0-0", 77, batch);
        Reply again = call(1, "0-0", 77, batch);
        Reply other = call(2, "0-0", 77, batch);

        assertThat(again.words()).containsExactly("OK", first.at(1), "RR");
        assertThat(other.words()).containsExactly("LOST", first.at(1));
        assertThat(view.stream(0)).hasSize(2);
    }

    @Test
    void anOlderWriterIsFencedAndAYoungerOneFindsTheShardSetBack() throws Exception {
        ShardLine younger =
                new Claim(config, shards, Desk.LINEAGE).of(List.of(0), link).get(0);
        assertThat(call(1, line.last(), 77, List.of()).words()).containsExactly("FENCED", younger.writer());

        view.redis().hset(shards.metaKey(0), "writer", line.writer());
        line = younger;
        assertThat(call(1, line.last(), 77, List.of()).words()).containsExactly("LOST", "0-0");
    }

    @Test
    void anUpdateOfManyThousandCellsGoesInAndOut() {
        Book book = new Book(MATCH, 1, 5);
        Map<String, String> many = new HashMap<>();
        Map<String, @Nullable String> none = new HashMap<>();
        for (int i = 0; i < 10_001; i++) {
            many.put("match/f" + i, Integer.toString(i));
            none.put("match/f" + i, null);
        }
        none.put("match/x", "1");
        apply(book.begin(many));
        assertThat(view.image(MATCH)).isEqualTo(new RedisView.Image(book.position(), book.cells()));
        apply(book.patch(none));
        assertThat(view.image(MATCH)).isEqualTo(new RedisView.Image(book.position(), book.cells()));
    }

    @Test
    void theScriptIsSentAgainWhenRedisForgotIt() {
        view.redis().scriptFlush();
        assertThat(apply(new Book(MATCH, 1, 5).begin(Map.of("match/x", "1"))).at(2))
                .isEqualTo("A");
    }

    @Test
    void theStreamIsTrimmedByLengthAndByAge() {
        Book book = new Book(MATCH, 1, 5);
        apply(book.begin(Map.of("match/x", "1")));
        for (int i = 0; i < 1_000; i++) {
            apply(book.patch(Map.of("match/x", Integer.toString(i))));
        }
        beat(1);
        // "~" keeps whole nodes of a hundred entries.
        assertThat(view.stream(0)).hasSizeBetween(200, 400);
    }

    @Test
    void whatTheStreamRefusesIsNotInTheHashEither() {
        Book book = new Book(MATCH, 1, 5);
        apply(book.begin(Map.of("match/x", "1")));
        RedisView.Image before = view.image(MATCH);
        String last = String.valueOf(view.meta(0, "last"));
        view.redis().del(shards.streamKey(0));
        view.redis().set(shards.streamKey(0), "somebody else's");

        assertThatThrownBy(() -> call(9, last, -1, List.of(book.patch(Map.of("match/x", "2")))))
                .hasStackTraceContaining("WRONGTYPE");

        assertThat(view.image(MATCH)).isEqualTo(before);
    }

    @Test
    void whatSomebodyElseLeftInAMatchsPlaceIsReplacedByItsImage() {
        Book book = new Book(MATCH, 1, 5);
        MarketUpdate begin = book.begin(Map.of("match/x", "1"));
        MarketUpdate patch = book.copy().patch(Map.of("match/x", "2"));
        String key = shards.matchKey(MATCH);
        for (Runnable foreign : List.<Runnable>of(
                () -> view.redis().set(key, "no hash"), () -> view.redis().hset(key, "#pos", "no position"))) {
            view.redis().del(key);
            foreign.run();
            assertThat(apply(patch).first()).isEqualTo("GAP");
            assertThat(apply(begin).at(2)).isEqualTo("A");
            assertThat(view.image(MATCH)).isEqualTo(new RedisView.Image(book.position(), book.cells()));
        }
    }

    @Test
    void anImageThatIsRepeatedMendsWhatSomebodyElseChanged() {
        Book book = new Book(MATCH, 1, 5);
        MarketUpdate begin = book.begin(Map.of("match/x", "1", "h2h/home", "2.5"));
        apply(begin);
        view.redis().hset(shards.matchKey(MATCH), Map.of("h2h/home", "25", "h2h/away", "1.1"));
        view.redis().del(shards.indexKey(0));

        assertThat(apply(begin).at(2)).isEqualTo("R");

        assertThat(view.image(MATCH)).isEqualTo(new RedisView.Image(book.position(), book.cells()));
        assertThat(view.index(MATCH)).isZero();
        assertThat(view.stream(0)).hasSize(1);
    }

    private Reply apply(MarketUpdate update) {
        return call(7, String.valueOf(view.meta(0, "last")), -1, List.of(update));
    }

    private void beat(long beat) {
        assertThat(call(8, String.valueOf(view.meta(0, "last")), beat, List.of())
                        .first())
                .isEqualTo("OK");
    }

    private Reply call(long number, String last, long beat, List<MarketUpdate> updates) {
        Call call = new Call(shards, config, 0, line.writer(), number, last, beat, 5, updates);
        return link.call(Script.APPLY, call.keys(), call.args())
                .toCompletableFuture()
                .join();
    }

    private static MarketUpdate update(String kind, String position, Map<String, String> cells) {
        return new MarketUpdate(
                MATCH,
                Position.parse(position),
                MarketUpdate.Kind.valueOf(kind.toUpperCase(java.util.Locale.ROOT)),
                new TreeMap<>(cells),
                new TreeSet<>(),
                new TreeMap<>(Book.sums(cells)),
                TIMES);
    }

    private static MarketUpdate with(MarketUpdate update, String group, @Nullable String sum) {
        TreeMap<String, @Nullable String> sums = new TreeMap<>(update.sums());
        sums.put(group, sum);
        return new MarketUpdate(
                update.match(), update.position(), update.kind(), update.set(), update.del(), sums, TIMES);
    }

    private static @Nullable String sum(Map<String, String> cells, String group) {
        return Book.sums(cells).get(group);
    }
}
