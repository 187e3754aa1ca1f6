package touchline.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import touchline.audit.Audit;
import touchline.audit.AuditReport;
import touchline.audit.AuditTarget;
import touchline.audit.Speech;
import touchline.book.MarketRules;
import touchline.config.Settings;

/**
 * The whole of Touchline in one process: real PostgreSQL, Redis, Kafka and Flink, a stand-in odds API, both jobs, and a
 * live board. Ends at Ctrl-C or after {@code --for}; a bounded run is audited and judged: 0 when every promise was
 * kept, 1 when one was broken, 2 when it could not run.
 */
@Command(
        name = "demo",
        description = "Run everything in one process, with a live board; Ctrl-C ends it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Demo implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(Demo.class);
    private static final long FRAME_MS = 500;
    private static final long LINE_MS = 5_000;

    @Option(
            names = "--recording",
            paramLabel = "FILE",
            description = "play recorded polls instead of simulated matches")
    @Nullable
    Path recording;

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "N times as fast as life; rules and polls shrink with it (default: 10 simulated, 600 recorded)")
    double speed;

    @Option(
            names = "--matches",
            paramLabel = "N",
            defaultValue = "24",
            description = "simulated grounds, one match on each at a time (default: ${DEFAULT-VALUE})")
    int matches;

    @Option(
            names = "--operators",
            paramLabel = "N",
            description = "simulated operators' own matches, written by SQL (default: 2; none with a recording)")
    @Nullable
    Integer operators;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of the simulation (default: ${DEFAULT-VALUE})")
    long seed;

    @Option(
            names = "--for",
            paramLabel = "SPAN",
            converter = Span.class,
            description = "end by itself after 60s, 5m, ...; then audit and judge")
    @Nullable
    Duration span;

    @Option(names = "--headless", description = "no board, only progress and the summary")
    boolean headless;

    @Option(names = "--summary", paramLabel = "FILE", description = "write the judgement as JSON")
    @Nullable
    Path summary;

    @Option(
            names = "--endpoints",
            paramLabel = "FILE",
            description = "write all addresses as JSON, for others to attach")
    @Nullable
    Path endpoints;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the jobs, or of the page's relay")
    Map<String, String> set = new TreeMap<>();

    @ArgGroup(exclusive = false, heading = "Ports:%n")
    Ports ports = new Ports();

    @Spec
    private @Nullable CommandSpec spec;

    /** A recording plays faster than operators could be simulated beside it. */
    int operators() {
        if (recording == null) {
            return operators == null ? 2 : operators;
        }
        if (operators != null && operators > 0) {
            throw new IllegalArgumentException("--operators " + operators
                    + ": operators are simulated beside simulated matches only; leave out --operators or --recording");
        }
        return 0;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Speech.out(spec);
        int grounds = operators();
        ports.check();
        Interrupts interrupts = Interrupts.listen();
        Input input = Input.of(recording, speed, seed, matches);
        String logFile = System.getProperty("touchline.log", "");
        out.println("Starting Touchline; the log is in " + logFile);
        out.flush();
        long from = System.nanoTime();
        try (World world = World.start(input, ports, grounds, set, (what, tookMs) -> {
            synchronized (out) {
                out.println(String.format(Locale.ROOT, "  %5.1f s  %s", tookMs / 1000.0, what));
                out.flush();
            }
        })) {
            out.println(String.format(Locale.ROOT, "ready after %.1f s", (System.nanoTime() - from) / 1e9));
            out.flush();
            Endpoints here = world.endpoints(logFile);
            Path standing = standing(out);
            here.write(standing);
            if (endpoints != null) {
                here.write(endpoints);
            }
            try {
                return run(world, here, standing, interrupts, out);
            } finally {
                here.withdraw(standing);
                out.println("ending: jobs first, then the servers (Ctrl-C again forces it)");
                out.flush();
            }
        }
    }

    /** Where the other commands look for a demo; a second one in the same clone takes a file of its own. */
    private static Path standing(PrintWriter out) {
        Path usual = Touchline.run().resolve("endpoints.json");
        long other = Endpoints.standing(usual);
        if (other == 0) {
            return usual;
        }
        Path own =
                Touchline.run().resolve("endpoints-" + ProcessHandle.current().pid() + ".json");
        out.println("another demo runs here already (process " + other + "); reach this one with --endpoints " + own);
        out.flush();
        return own;
    }

    private int run(World world, Endpoints here, Path standing, Interrupts interrupts, PrintWriter out)
            throws InterruptedException {
        String named = standing.endsWith("endpoints.json") ? "" : " --endpoints " + standing;
        List<Figures.Address> addresses = addresses(here, named);
        try (Watch watch = new Watch(world, addresses)) {
            show(watch, addresses, interrupts, out);
            if (span == null && summary == null) {
                return 0;
            }
            out.println("auditing: folding the feed log again");
            out.flush();
            Summary judged = judge(world, watch);
            judged.lines().forEach(out::println);
            out.flush();
            if (summary != null) {
                judged.write(summary);
            }
            return judged.broken().isEmpty() ? 0 : 1;
        }
    }

    private void show(Watch watch, List<Figures.Address> addresses, Interrupts interrupts, PrintWriter out)
            throws InterruptedException {
        long end = span == null ? Long.MAX_VALUE : System.nanoTime() / 1_000_000 + span.toMillis();
        try (@Nullable Terminal terminal = headless ? null : Terminal.open()) {
            Board board = new Board(terminal != null);
            long every = terminal == null ? LINE_MS : FRAME_MS;
            if (terminal == null && !headless) {
                addresses.forEach(each -> out.println(String.format("  %-10s  %s", each.name(), each.where())));
            }
            while (true) {
                Figures figures = watch.look();
                if (terminal != null) {
                    terminal.paint(board.render(figures, terminal.width(), terminal.height()));
                } else if (!headless) {
                    out.println(board.line(figures));
                    out.flush();
                }
                long left = end - System.nanoTime() / 1_000_000;
                if (left <= 0 || interrupts.await(Math.min(every, left))) {
                    return;
                }
            }
        }
    }

    private static Summary judge(World world, Watch watch) {
        AuditReport report = null;
        String failure = "";
        try {
            report = Audit.run(target(world), 50);
        } catch (RuntimeException e) {
            log.error("event=audit_failed", e);
            failure = Speech.words(e);
        }
        return Summary.of(watch.look(), watch.stages().total(), watch.tally(), report, failure);
    }

    private static AuditTarget target(World world) {
        Map<String, String> rules = new TreeMap<>(world.settings());
        rules.keySet().removeIf(key -> !key.startsWith("market."));
        return new AuditTarget(
                world.redis().uri(),
                Integer.parseInt(world.setting("redis.shards", "16")),
                Map.of("bootstrap.servers", world.setting("kafka.bootstrap", "")),
                world.setting("kafka.feedTopic", "feed"),
                Integer.parseInt(world.setting("kafka.maxRecordBytes", "900000")),
                new Settings(rules).as(MarketRules.class, "market"));
    }

    /** @param named what a command needs to find this demo */
    private static List<Figures.Address> addresses(Endpoints here, String named) {
        return List.of(
                new Figures.Address("page", here.page()),
                new Figures.Address("operator", here.operator()),
                new Figures.Address("Flink", here.flink()),
                new Figures.Address("SQL", "./touchline psql" + named + "          (psql " + here.psql() + ")"),
                new Figures.Address(
                        "Redis", "./touchline redis-cli" + named + "     (redis-cli -u " + here.redis() + ")"),
                new Figures.Address("Kafka", here.kafka()),
                new Figures.Address("odds API", here.oddsApi()),
                new Figures.Address("audit", "./touchline audit" + named),
                new Figures.Address("log", here.log()));
    }
}
