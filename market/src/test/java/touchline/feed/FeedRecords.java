package touchline.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import touchline.price.Prices;

/** Feed records of every kind and shape, by seed. */
final class FeedRecords {

    private static final String[] NAMES = {
        "Arsenal", "Olympique Lyonnais", "1. FC Köln", "Bodø/Glimt", "東京", "a\"b\\c", "⚽"
    };
    private static final Kind[] KINDS = Kind.values();

    private final Random random;

    FeedRecords(long seed) {
        random = new Random(seed);
    }

    FeedRecord next() {
        Kind kind = KINDS[random.nextInt(KINDS.length)];
        return switch (kind) {
            case TICK -> new FeedRecord("", "", new Seq(0, 0), 0, 0, 0, Kind.TICK, new Tick());
            case MANUAL -> record(kind, manual());
            case LINK ->
                record(
                        kind,
                        new Link(
                                random.nextBoolean() ? Link.Direction.TO : Link.Direction.FROM,
                                id(),
                                random.nextBoolean()));
            case FIXTURE, QUOTES, SCORE, INCIDENT, SEEN -> {
                View view = view();
                yield record(view.kind(), view);
            }
        };
    }

    private FeedRecord record(Kind kind, Body body) {
        Seq seq = new Seq(random.nextInt(9), number());
        String from = body instanceof View ? maybe(this::id) : null;
        return new FeedRecord(id(), key() + "/" + key(), from, seq, number(), number(), random.nextInt(99), kind, body);
    }

    private View view() {
        boolean missing = random.nextInt(9) == 0;
        return new View(
                random.nextBoolean(),
                missing,
                maybe(this::fixture),
                some(this::quote),
                some(() -> new Gone(key(), market())),
                some(() -> new Stamp(key(), market(), number())),
                maybe(this::score),
                some(this::incident));
    }

    private ManualDocument manual() {
        return new ManualDocument(
                maybe(this::fixture),
                maybe(() -> pick(random, Phase.values())),
                maybe(() -> pick(random, Period.values())),
                maybe(this::score),
                maybe(() -> new Clock(number(), random.nextInt(86_401), random.nextBoolean())),
                some(() -> new ManualDocument.Market(market(), maybe(this::line), number(), prices())),
                some(this::incident),
                some(() -> random.nextBoolean() ? "*" : market()),
                random.nextBoolean());
    }

    private Fixture fixture() {
        return new Fixture(
                maybe(this::key), maybe(this::name), maybe(this::name), maybe(this::name), maybe(this::number));
    }

    private Quote quote() {
        return new Quote(key(), market(), number(), maybe(this::line), prices());
    }

    private Score score() {
        return new Score(random.nextInt(10_000), random.nextInt(10_000), random.nextBoolean(), number());
    }

    private Incident incident() {
        return new Incident(
                key(),
                pick(random, Incident.Type.values()),
                maybe(() -> pick(random, Incident.Side.values())),
                pick(random, Incident.State.values()),
                number());
    }

    private Prices prices() {
        SortedMap<String, Integer> prices = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            prices.put(key(), Bounds.MIN_PRICE + random.nextInt(random.nextBoolean() ? 5_000 : 9_000_000));
        }
        return Prices.of(prices);
    }

    private Integer line() {
        return Bounds.LINE_STEP * (random.nextInt(8_001) - 4_000);
    }

    /** Of a market that takes any outcome. */
    private String market() {
        return "other_" + key() + (random.nextInt(3) == 0 ? ":" + Decimal.text(line() % 1_000_000) : "");
    }

    private String id() {
        return key() + ":" + Long.toHexString(random.nextLong()) + (random.nextBoolean() ? "-A.b" : "");
    }

    private String key() {
        return Integer.toString(random.nextInt(Integer.MAX_VALUE), 36);
    }

    private String name() {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private Long number() {
        return random.nextInt(5) == 0 ? Bounds.MAX_NUMBER - 1 : random.nextLong() >>> (11 + random.nextInt(53));
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    private <T> List<T> some(Supplier<T> item) {
        List<T> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            items.add(item.get());
        }
        return items;
    }

    private static <T> T pick(Random random, T[] from) {
        return from[random.nextInt(from.length)];
    }
}
