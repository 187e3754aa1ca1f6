package touchline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import touchline.config.Settings;
import touchline.feed.Decimal;
import touchline.jobs.IngestJob;
import touchline.relay.Relay;
import touchline.sandbox.PostgresServer;
import touchline.update.MarketUpdate;
import touchline.update.Times;

/**
 * Operators' commits until they are in the store of a page in a real browser, and on the page itself: the whole way, as it is
 * shipped. The page is the relay's own; it is not changed for this, only listened to.
 */
final class BrowserLatency {

    /** Prices change in these; others are suspended and resumed. */
    private static final int PRICED = 8;

    private static final int TOGGLED = 4;
    /** One commit in so many suspends or resumes. */
    private static final int TOGGLE_EVERY = 5;

    private static final int SHARDS = 16;
    /** So that what is measured is compiled: at a low rate that would take minutes. */
    private static final int WARM_UP_PER_SECOND = 100;

    static final int WARM_UP_SECONDS = 30;

    /** Runs before the page's own scripts: when each message came. */
    private static final String LISTEN = """
            {
              const Plain = window.WebSocket;
              window.seen = { heardAt: 0, held: [], shown: [], now: () => performance.timeOrigin + performance.now() };
              window.WebSocket = class extends Plain {
                constructor(...how) {
                  super(...how);
                  this.addEventListener('message', () => (seen.heardAt = seen.now()));
                }
              };
            }
            """;

    /** When the store holds a change whole, before anybody is told of it; and when the page's elements say it. */
    private static final String WATCH = """
            import('/src/held.js').then(({ Held }) => {
              const { become } = Held.prototype;
              Held.prototype.become = function (...how) {
                become.apply(this, how);
                const at = seen.now();
                const cells = this.groups.get('h2h')?.cells;
                seen.held.push([this.match, String(cells?.get('home')), String(cells?.get('@status')), at, seen.heardAt]);
              };
              new MutationObserver((records) => {
                const at = seen.now();
                for (const { type, target } of records) {
                  const market = (target.parentElement ?? target).closest('[data-market=h2h]') ?? target;
                  const match = market.closest('.row')?.dataset.match;
                  if (type === 'attributes' && target === market) {
                    seen.shown.push([match, target.dataset.status, at]);
                  } else if (type === 'characterData' && target.parentElement.matches('[data-outcome=home] .value')) {
                    seen.shown.push([match, target.data, at]);
                  }
                }
              }).observe(document.getElementById('main'), {
                subtree: true, characterData: true, attributes: true, attributeFilter: ['data-status'],
              });
            })
            """;

    /** A commit and what became of it, in {@link System#nanoTime}; 0 where it has not come. */
    private static final class Commit {
        final String match;
        /** What will be said: the price, or whether the market is open. */
        final String says;

        final boolean toggles;
        final long intended;
        final long begun;
        volatile long returned;
        volatile long returnedWallMicros;
        volatile long read;
        volatile @Nullable Times times;
        long heard;
        long held;
        long shown;

        Commit(String match, String says, boolean toggles, long intended) {
            this.match = match;
            this.says = says;
            this.toggles = toggles;
            this.intended = intended;
            this.begun = System.nanoTime();
        }

        String key() {
            return match + " " + says;
        }
    }

    private final int perSecond;
    private final List<Commit> commits = new ArrayList<>();
    /** Not seen in Redis yet. */
    private final Map<String, Commit> open = new ConcurrentHashMap<>();

    private int serial;

    private BrowserLatency(int perSecond) {
        this.perSecond = perSecond;
    }

    static List<Figure> measure(Map<String, String> set, int perSecond, int warmUpSeconds, int seconds)
            throws Exception {
        return new BrowserLatency(perSecond).measure(set, warmUpSeconds, seconds);
    }

    private List<Figure> measure(Map<String, String> set, int warmUpSeconds, int seconds) throws Exception {
        Map<String, String> forRelay = new HashMap<>();
        Map<String, String> forJobs = new HashMap<>();
        set.forEach((key, value) -> (key.startsWith("relay.") ? forRelay : forJobs).put(key, value));
        try (Rig rig = new Rig(Map.of("job.oddsapi", "false"), forJobs)) {
            PostgresServer postgres = PostgresLatency.database(rig);
            begin(postgres);
            rig.startMarketJob();
            StreamExecutionEnvironment env = rig.environment();
            IngestJob.build(env, rig.settings());
            rig.start(env, "IngestJob");
            rig.opened(new Watch(rig.redis.uri(), SHARDS, this::read));
            forRelay.putAll(Map.of("relay.port", "0", "relay.adminPort", "0", "redis.uri", rig.redis.uri()));
            Relay relay = rig.opened(Relay.start(new Settings(forRelay)));
            Rig.await("the relay to know every match", Duration.ofSeconds(60), relay::isReady);
            Chromium browser = rig.opened(Chromium.start());
            browser.open("http://127.0.0.1:" + relay.port() + "/", LISTEN);
            Rig.await(
                    "the page to show every market open",
                    Duration.ofSeconds(60),
                    () -> browser.js("document.querySelectorAll('.row [data-market=h2h][data-status=open]').length")
                                    .intValue()
                            == PRICED + TOGGLED);
            browser.js(WATCH);
            PageClock clock = new PageClock();
            try (Connection connection = postgres.connect();
                    PreparedStatement price = connection.prepareStatement("update touchline.selection set price = ?"
                            + " where match = ? and market = 'h2h' and outcome = 'home'");
                    PreparedStatement toggle = connection.prepareStatement(
                            "insert into touchline.command (match, market, action) values (?, 'h2h', ?)")) {
                OpenSchedule.Call call = (n, intended) -> commit(price, toggle, intended);
                OpenSchedule.run(WARM_UP_PER_SECOND, warmUpSeconds, call);
                Rig.await("the warm-up", Duration.ofSeconds(30), open::isEmpty);
                clock.compare(browser);
                commits.clear();
                browser.js("seen.held = []; seen.shown = []; 0");
                OpenSchedule.run(perSecond, seconds, call);
                Rig.await("the last commit in Redis", Duration.ofSeconds(30), open::isEmpty);
                Rig.await("the last commit on the page", Duration.ofSeconds(30), () -> arrived(browser, clock));
                clock.compare(browser);
            }
            arrived(browser, clock);
            System.out.printf(
                    Locale.ROOT,
                    "  the page's clock is %.2f ms ahead of this process's wall clock, known to +-%.2f ms; taken off below%n",
                    clock.aheadNanos() / 1e6,
                    clock.uncertaintyNanos() / 1e6);
        }
        return figures();
    }

    private void begin(PostgresServer postgres) throws Exception {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            // Those of the other measurement would only fill the page.
            statement.execute("delete from touchline.match");
            for (int m = 0; m < PRICED + TOGGLED; m++) {
                statement.execute("insert into touchline.match(id, home, away, start, phase) values ('" + match(m)
                        + "', 'Home', 'Away', now(), 'live')");
                statement.execute("insert into touchline.selection(match, market, outcome, price) values ('" + match(m)
                        + "', 'h2h', 'home', 1.5), ('" + match(m) + "', 'h2h', 'draw', 3), ('" + match(m)
                        + "', 'h2h', 'away', 2.9)");
            }
        }
    }

    private static String match(int m) {
        return "manual:page" + m;
    }

    private void commit(PreparedStatement price, PreparedStatement toggle, long intended) throws Exception {
        int n = serial++;
        boolean toggles = n % TOGGLE_EVERY == 0;
        int turn = toggles ? n / TOGGLE_EVERY : n - n / TOGGLE_EVERY - 1;
        String match = match(toggles ? PRICED + turn % TOGGLED : turn % PRICED);
        boolean closes = toggles && turn / TOGGLED % 2 == 0;
        int to = 1501 + turn / PRICED * 10;
        String says = !toggles ? Decimal.text(to) : closes ? "suspended" : "open";
        Commit commit = new Commit(match, says, toggles, intended);
        commits.add(commit);
        open.put(commit.key(), commit);
        if (toggles) {
            toggle.setString(1, match);
            toggle.setString(2, closes ? "suspend" : "resume");
            toggle.executeUpdate();
        } else {
            price.setBigDecimal(1, BigDecimal.valueOf(to, 3));
            price.setString(2, match);
            price.executeUpdate();
        }
        commit.returned = System.nanoTime();
        commit.returnedWallMicros = wallMicros();
    }

    private static long wallMicros() {
        java.time.Instant now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    /** As a relay reads it. */
    private void read(MarketUpdate update, long nanos) {
        for (String cell : List.of("h2h/home", "h2h/@status")) {
            String says = update.set().get(cell);
            Commit commit = says == null ? null : open.remove(update.match() + " " + says);
            if (commit != null) {
                commit.times = update.times();
                commit.read = nanos;
            }
        }
    }

    /** Gives each commit the first moment at which the page held and showed what it says. @return whether all came */
    private boolean arrived(Chromium browser, PageClock clock) {
        Map<String, List<Commit>> byKey = new LinkedHashMap<>();
        for (Commit commit : commits) {
            commit.held = 0;
            commit.shown = 0;
            byKey.computeIfAbsent(commit.key(), key -> new ArrayList<>()).add(commit);
        }
        for (JsonNode held : browser.js("seen.held")) {
            long at = clock.nanoTime(held.get(3).doubleValue());
            for (int said = 1; said <= 2; said++) {
                Commit commit =
                        commitBefore(byKey, held.get(0).asText(), held.get(said).asText(), at);
                if (commit != null && commit.toggles == (said == 2) && (commit.held == 0 || at < commit.held)) {
                    commit.held = at;
                    commit.heard = clock.nanoTime(held.get(4).doubleValue());
                }
            }
        }
        for (JsonNode shown : browser.js("seen.shown")) {
            long at = clock.nanoTime(shown.get(2).doubleValue());
            Commit commit =
                    commitBefore(byKey, shown.get(0).asText(), shown.get(1).asText(), at);
            if (commit != null && (commit.shown == 0 || at < commit.shown)) {
                commit.shown = at;
            }
        }
        return commits.stream().allMatch(commit -> commit.held > 0 && commit.shown > 0);
    }

    /** The last one that says so and had begun by then. */
    private static @Nullable Commit commitBefore(
            Map<String, List<Commit>> byKey, String match, String says, long nanos) {
        Commit last = null;
        for (Commit commit : byKey.getOrDefault(match + " " + says, List.of())) {
            if (commit.begun < nanos) {
                last = commit;
            }
        }
        return last;
    }

    private interface Span {
        long micros(Commit commit);
    }

    private List<Figure> figures() {
        String at = " at " + perSecond + "/s";
        List<Commit> closing = commits.stream()
                .filter(commit -> commit.says.equals("suspended"))
                .toList();
        List<Commit> others = commits.stream()
                .filter(commit -> !commit.says.equals("suspended"))
                .toList();
        return List.of(
                figure("commit returned -> the page's store" + at, commits, c -> micros(c.returned, c.held)),
                figure("a suspension, commit returned -> DOM", closing, c -> micros(c.returned, c.shown)),
                figure(
                        "all else, commit returned -> DOM, with the next frame",
                        others,
                        c -> micros(c.returned, c.shown)),
                figure("intended commit -> the page's store", commits, c -> micros(c.intended, c.held)),
                figure("  the commit itself", commits, c -> micros(c.begun, c.returned)),
                figure("  commit returned -> captured", commits, c -> stamp(c, Times::ingest) - c.returnedWallMicros),
                figure("  captured -> feed log", commits, c -> stamp(c, Times::log) - stamp(c, Times::ingest)),
                figure("  feed log -> decided", commits, c -> stamp(c, Times::decided) - stamp(c, Times::log)),
                figure(
                        "  decided -> sent to Redis",
                        commits,
                        c -> stamp(c, Times::published) - stamp(c, Times::decided)),
                figure(
                        "  commit returned -> read from Redis, beside the relay",
                        commits,
                        c -> micros(c.returned, c.read)),
                figure("  read from Redis -> message in the page", commits, c -> micros(c.read, c.heard)),
                figure("  message in the page -> store", commits, c -> micros(c.heard, c.held)),
                figure("  store -> DOM, a suspension", closing, c -> micros(c.held, c.shown)),
                figure("  store -> DOM, all else", others, c -> micros(c.held, c.shown)));
    }

    private static Figure figure(String name, List<Commit> commits, Span span) {
        Histogram histogram = new Histogram(3);
        commits.forEach(commit -> histogram.recordValue(Math.max(0, span.micros(commit))));
        return Figure.latency(name, histogram);
    }

    private static long micros(long from, long to) {
        return (to - from) / 1000;
    }

    private interface Stage {
        long ms(Times times);
    }

    /** Stamps are whole milliseconds, rounded down: half of one is the least wrong. */
    private static long stamp(Commit commit, Stage stage) {
        Times times = commit.times;
        if (times == null) {
            throw new IllegalStateException("never read from Redis: " + commit.key());
        }
        return stage.ms(times) * 1000 + 500;
    }
}
