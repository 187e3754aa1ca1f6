package touchline.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.audit.Follower;
import touchline.audit.Speech;
import touchline.audit.Tally;
import touchline.audit.Verdict;
import touchline.postgres.SlotHealth;
import touchline.sandbox.OddsApiServer;
import touchline.update.MarketUpdate;

/** Looks at a {@link World} from outside: reads along what Redis is told, asks the servers how they are. */
final class Watch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Watch.class);
    private static final int SHOWN_MATCHES = 60;
    private static final long ASK_MS = 1_000;

    private final World world;
    private final List<Figures.Address> addresses;
    private final long began = System.nanoTime();
    private final Tally tally = new Tally();
    private final Scoreboard scoreboard = new Scoreboard();
    private final StageTimes stages = new StageTimes();
    private final AtomicLong updates = new AtomicLong();
    private final Follower follower;
    private final Rejections rejections;
    private final Connection postgres;
    private List<Figures.Source> sources = List.of();
    private List<Figures.Job> jobs = List.of();
    private long lagMs = -1;
    private long askedAt;
    private long countedAt = System.currentTimeMillis();
    private long counted;
    private double perSecond;

    Watch(World world, List<Figures.Address> addresses) {
        this.world = world;
        this.addresses = List.copyOf(addresses);
        try {
            postgres = DriverManager.getConnection(
                    world.postgres().jdbcUrl(), world.postgres().user(), "");
        } catch (SQLException e) {
            throw new IllegalStateException("the operators' database does not answer", e);
        }
        int shards = Integer.parseInt(world.setting("redis.shards", "16"));
        follower = Follower.start(world.redis().uri(), shards, tally, this::read);
        rejections = Rejections.start(
                world.setting("kafka.bootstrap", ""), world.setting("kafka.rejectedTopic", "feed.rejected"));
    }

    private void read(MarketUpdate update, long readAt) {
        updates.incrementAndGet();
        scoreboard.take(update);
        // An image that is sent again after a restore carries old times.
        if (update.kind() == MarketUpdate.Kind.PATCH) {
            stages.record(update.times(), readAt);
        }
    }

    Tally tally() {
        return tally;
    }

    StageTimes stages() {
        return stages;
    }

    Figures look() {
        long now = System.currentTimeMillis();
        if (now - askedAt >= ASK_MS) {
            askedAt = now;
            sources = sources(now);
            jobs = jobs();
            lagMs = follower.beatAgeMs();
            long all = updates.get();
            perSecond = (all - counted) * 1000.0 / Math.max(1, now - countedAt);
            counted = all;
            countedAt = now;
        }
        return new Figures(
                Duration.ofNanos(System.nanoTime() - began),
                addresses,
                sources,
                scoreboard.counts(),
                scoreboard.live(SHOWN_MATCHES),
                updates.get(),
                perSecond,
                stages.recent(now),
                rejections.counts(),
                jobs,
                new Figures.Readers(
                        tally.entries(),
                        tally.count(Verdict.GAP),
                        tally.count(Verdict.REPEAT),
                        tally.count(Verdict.STEP_BACK),
                        tally.count(Verdict.CHECKSUM),
                        tally.chainBreaks(),
                        lagMs));
    }

    private List<Figures.Source> sources(long now) {
        return List.of(oddsApi(now), operators(now));
    }

    private Figures.Source oddsApi(long now) {
        List<OddsApiServer.Call> calls = world.oddsApi().calls();
        long last = calls.isEmpty() ? -1 : now - calls.get(calls.size() - 1).at();
        String standing = Gauges.text("", "standing").orElse("not started");
        return new Figures.Source(
                "odds API",
                standing.equals("OPEN"),
                String.format(
                        Locale.ROOT,
                        "%s; %,d polls, %,d failed, last answer %s ago; %,d credits left",
                        standing.toLowerCase(Locale.ROOT).replace('_', ' '),
                        Gauges.sum("", "polls"),
                        Gauges.sum("", "failedPolls"),
                        last < 0 ? "-" : last + " ms",
                        world.oddsApi().creditsLeft()));
    }

    private Figures.Source operators(long now) {
        try {
            Optional<SlotHealth> slot = SlotHealth.of(postgres, world.setting("postgres.slot", "touchline"));
            long beat = -1;
            try (Statement statement = postgres.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select (extract(epoch from at) * 1000)::bigint from touchline.heartbeat")) {
                if (row.next()) {
                    beat = now - row.getLong(1);
                }
            }
            long delay = Gauges.max("postgres", "heartbeatDelayMs");
            String heartbeat = String.format(
                    Locale.ROOT, "heartbeat %,d ms old, %s behind", Math.max(0, beat), delay < 0 ? "-" : delay + " ms");
            return slot.map(health -> new Figures.Source(
                            "operators",
                            health.active() && !health.inDanger(),
                            String.format(
                                    Locale.ROOT,
                                    "%s; slot %s, %s, %,d KB behind",
                                    heartbeat,
                                    health.active() ? "read" : "not read",
                                    health.walStatus(),
                                    health.lagBytes() / 1024)))
                    .orElseGet(() -> new Figures.Source("operators", false, heartbeat + "; no slot yet"));
        } catch (SQLException e) {
            return new Figures.Source("operators", false, Speech.words(e));
        }
    }

    private List<Figures.Job> jobs() {
        List<Figures.Job> found = new ArrayList<>();
        for (Map.Entry<String, JobID> job : world.jobs().entrySet()) {
            found.add(job(job.getKey(), job.getValue()));
        }
        return found;
    }

    private Figures.Job job(String name, JobID id) {
        long restarts = Math.max(0, Gauges.max("." + name + ".", "numRestarts"));
        try {
            AccessExecutionGraph graph =
                    world.flink().miniCluster().getExecutionGraph(id).get(5, TimeUnit.SECONDS);
            CheckpointStatsSnapshot checkpoints = graph.getCheckpointStatsSnapshot();
            CompletedCheckpointStats last =
                    checkpoints == null ? null : checkpoints.getHistory().getLatestCompletedCheckpoint();
            return new Figures.Job(
                    name,
                    graph.getState().name(),
                    checkpoints == null ? 0 : checkpoints.getCounts().getNumberOfCompletedCheckpoints(),
                    last == null ? -1 : last.getEndToEndDuration(),
                    checkpoints == null ? 0 : checkpoints.getCounts().getNumberOfFailedCheckpoints(),
                    restarts);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Figures.Job(name, "UNKNOWN", 0, -1, 0, restarts);
        } catch (Exception e) {
            log.warn("event=job_unknown job={} reason=\"{}\"", name, e.getMessage());
            return new Figures.Job(name, "UNKNOWN", 0, -1, 0, restarts);
        }
    }

    @Override
    public void close() {
        follower.close();
        rejections.close();
        try {
            postgres.close();
        } catch (SQLException e) {
            log.debug("event=postgres_close reason=\"{}\"", e.getMessage());
        }
    }
}
