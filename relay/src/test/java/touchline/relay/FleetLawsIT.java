package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.config.Secret;
import touchline.config.Settings;
import touchline.redislink.RedisAddress;
import touchline.sandbox.RedisServer;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/**
 * Real clients before two real relays over one Redis. Connections are cut and held up, clients go from one relay to the other and
 * change what they ask for, one relay stands behind the other, dies and comes back, Redis is wiped. In the end each client holds
 * exactly what it asks for, as it is in Redis, and no cell more.
 *
 * <p>Time is real here, so a seed is not replayed step by step; what went between the client and its relays is told. Many seeds:
 * {@code -Dtouchline.seeds=500}, or one: {@code -Dtouchline.seed=7}.
 */
class FleetLawsIT {

    private static final int SHARDS = 3;
    private static final int MATCHES = 40;
    private static final int CLIENTS = 24;
    private static final int STEPS = 60;
    private static final long STEP_MS = 50;
    private static final long PATIENCE_MS = 40_000;

    static Stream<Integer> seeds() {
        Integer one = Integer.getInteger("touchline.seed");
        return one != null
                ? Stream.of(one)
                : IntStream.rangeClosed(1, Math.max(3, Integer.getInteger("touchline.seeds", 0) / 50))
                        .boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyClientHoldsWhatItAsksForAndNothingElse(int seed) throws IOException {
        try (World world = new World(seed);
                Fleet fleet = new Fleet(seed, CLIENTS, world.crossing.port())) {
            for (int i = 0; i < STEPS; i++) {
                world.step(i);
                world.pass(STEP_MS);
            }
            world.calm();
            assertThat(fleet.ask("calm").asText()).isEqualTo("calm");
            List<String> wrong = world.wrong(fleet.ask("held"));
            long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
            while (!wrong.isEmpty() && System.nanoTime() < end) {
                world.pass(200);
                wrong = world.wrong(fleet.ask("held"));
            }
            assertThat(wrong)
                    .as(() -> "seed " + seed + "; " + world.story(fleet))
                    .isEmpty();
        }
    }

    /** The job, its Redis, the relays, and the way to them. */
    private static final class World implements AutoCloseable {
        private final Random random;
        private final RedisServer redis = RedisServer.start(0);
        /** The second relay reads Redis through it, and falls behind. */
        private final Crossing toRedis;

        private final Crossing crossing;
        private final List<Relay> relays = new ArrayList<>();
        private final List<Truth> truths = new ArrayList<>();
        private long generation = 1;
        private Pen pen;
        private final List<String> events = new ArrayList<>();
        /** What was wrong when it was looked at last: client and match. */
        private String suspect = "0 m:0";

        World(int seed) {
            random = new Random(seed);
            toRedis = new Crossing(new Random(seed + 1));
            toRedis.to(List.of(redis.port()));
            crossing = new Crossing(new Random(seed + 2));
            pen = pen();
            for (int i = 0; i < MATCHES; i++) {
                Truth truth = new Truth("m:" + i, generation, 1_000 + i);
                truths.add(truth);
                pen.write(truth.begin(i % 2 == 0 ? "live" : "upcoming", i % 3 == 0 ? "laliga" : "epl"));
            }
            pen.beat(System.currentTimeMillis());
            relays.add(relay(redis.port()));
            relays.add(relay(toRedis.port()));
            lead();
        }

        private Pen pen() {
            return new Pen(new RedisAddress(redis.uri(), "", Secret.NONE, "", "full", 5_000), SHARDS, generation);
        }

        private Relay relay(int redisPort) {
            return Relay.start(new Settings(Map.of(
                    "relay.port", "0",
                    "relay.adminPort", "0",
                    "relay.drainMs", "0",
                    "relay.threads", "1",
                    // Soon full, and frames that hold little: what belongs together comes apart.
                    "relay.pendingBytes", "2048",
                    "relay.frameBytes", "1024",
                    "relay.messagesPerSecond", "1000",
                    "redis.uri", "redis://127.0.0.1:" + redisPort)));
        }

        private void lead() {
            crossing.to(relays.stream().map(Relay::port).toList());
        }

        void step(int i) {
            int middle = STEPS / 2;
            if (i == middle - 10) {
                event("a relay dies");
                relays.get(0).close();
            } else if (i == middle) {
                event("it comes back");
                relays.set(0, relay(redis.port()));
                lead();
            } else if (i == middle + 8) {
                wipe();
            }
            int dice = random.nextInt(20);
            if (dice < 4) {
                event("cuts");
                crossing.cut(30);
            } else if (dice < 7) {
                event("holds up");
                crossing.hold(40);
            } else if (dice < 9) {
                event("leads on");
                crossing.hold(0);
            } else if (dice == 9) {
                event("Redis is slow for one");
                toRedis.hold(100);
            } else if (dice < 12) {
                event("and is not");
                toRedis.hold(0);
            }
            for (int changes = random.nextInt(60); changes > 0; changes--) {
                pen.write(truths.get(random.nextInt(MATCHES)).happen(random));
            }
        }

        private void event(String what) {
            events.add(what);
        }

        /** The job starts from its state, under newer rules or the same ones. */
        private void wipe() {
            boolean newer = random.nextBoolean();
            event(newer ? "Redis is wiped, under a new generation" : "Redis is wiped");
            redis.command("FLUSHALL");
            pen.close();
            generation += newer ? 1 : 0;
            pen = pen();
            for (Truth truth : truths) {
                if (newer) {
                    truth.position = new Position(generation, truth.position.created() + 1, truth.position.version());
                }
                pen.write(truth.now(truth.ended ? MarketUpdate.Kind.END : MarketUpdate.Kind.IMAGE));
            }
        }

        /** Time passes, and the job is alive. */
        void pass(long ms) {
            long end = System.nanoTime() + ms * 1_000_000;
            pen.beat(System.currentTimeMillis());
            while (System.nanoTime() < end) {
                java.util.concurrent.locks.LockSupport.parkNanos(end - System.nanoTime());
            }
        }

        void calm() {
            event("calm");
            toRedis.hold(0);
            crossing.hold(0);
            pen.beat(System.currentTimeMillis());
        }

        /** What clients hold against what is. */
        List<String> wrong(JsonNode clients) {
            List<String> wrong = new ArrayList<>();
            assertThat(clients).hasSize(CLIENTS);
            for (int i = 0; i < CLIENTS; i++) {
                JsonNode client = clients.get(i);
                assertThat(client.path("wants")).isNotEmpty();
                if (!client.path("state").asText().equals("live")) {
                    wrong.add("client " + i + " is " + client.path("state").asText());
                }
                for (Truth truth : truths) {
                    String difference = difference(truth, client);
                    if (difference != null) {
                        suspect = i + " " + truth.match;
                        wrong.add("client " + i + ", " + truth.match + ": " + difference + "; wants "
                                + client.path("wants"));
                    }
                }
            }
            return wrong;
        }

        private static @Nullable String difference(Truth truth, JsonNode client) {
            if (truth.ended) {
                // Whoever was there keeps what he saw last.
                return null;
            }
            Columns columns = null;
            Facts facts = new Facts(
                    truth.match,
                    truth.cells.get("match/phase"),
                    truth.cells.get("match/sport"),
                    truth.cells.get("match/league"));
            for (JsonNode want : client.path("wants")) {
                if (Select.read(want.path("select")).names(facts)) {
                    Columns part = columns(want.path("markets"));
                    columns = columns == null ? part : columns.plus(part);
                }
            }
            JsonNode held = client.path("matches").path(truth.match);
            if (columns == null) {
                // What has ended is kept as it was seen last, whatever came of it afterwards.
                return held.isMissingNode() || held.path("gone").asBoolean()
                        ? null
                        : "is held at " + held.path("at") + ", and nobody asks for it";
            }
            SortedMap<String, String> cells = new TreeMap<>();
            held.path("cells")
                    .properties()
                    .forEach(cell -> cells.put(cell.getKey(), cell.getValue().asText()));
            SortedMap<String, String> right = truth.seenBy(columns);
            // What changes none of his cells is not sent, so that he may stand some versions before.
            if (cells.equals(right) && Position.parse(held.path("at").asText()).sameEpoch(truth.position)) {
                return null;
            }
            SortedMap<String, String> excess = new TreeMap<>(cells);
            excess.entrySet().removeAll(right.entrySet());
            SortedMap<String, String> lacking = new TreeMap<>(right);
            lacking.entrySet().removeAll(cells.entrySet());
            return "held at " + held.path("at").asText("nothing") + ", is at " + truth.position + ", too many " + excess
                    + ", lacking " + lacking;
        }

        private static Columns columns(JsonNode markets) {
            if (!markets.isArray()) {
                return Columns.ALL;
            }
            List<String> keys = new ArrayList<>();
            markets.forEach(market -> keys.add(market.asText()));
            return Columns.of(keys);
        }

        /** For whoever has to find out why. */
        String story(Fleet fleet) {
            StringBuilder story = new StringBuilder("what happened: ").append(events);
            story.append("\nclient and match ").append(suspect).append(":\n");
            fleet.ask("said " + suspect)
                    .forEach(line -> story.append("  ").append(line.asText()).append('\n'));
            return story.toString();
        }

        @Override
        public void close() throws IOException {
            crossing.close();
            relays.forEach(Relay::close);
            toRedis.close();
            pen.close();
            redis.close();
        }
    }
}
