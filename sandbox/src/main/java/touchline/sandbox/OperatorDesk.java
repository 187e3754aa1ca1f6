package touchline.sandbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Simulated operators who run football matches of their own by SQL against the shipped schema: announce, price, score,
 * incidents, a trader's doubts, the end, the next match. Each {@link #work} does what has become due, each errand in one
 * transaction; what the database refuses is tried again with the next call, in order. The desk has no thread unless
 * {@link #start} gives it one.
 */
public final class OperatorDesk implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorDesk.class);

    private static final long CYCLE = 140 * 60_000L;

    private static final League CUP = new League(
            new OddsFeed.Sport("soccer_sandbox_cup", "Soccer", "Sandbox Cup", "Run by operators", true),
            GoalScoring.SOCCER,
            CYCLE,
            0,
            0.5,
            League.ALL.get(0).places(),
            List.of("%s Athletic", "%s Wanderers", "%s Albion", "%s Academy"));

    private final Login login;
    private final SimulationPlan plan;
    private final LongSupplier clock;
    private final long begin;
    private final List<Ground> grounds = new ArrayList<>();
    private @Nullable Connection connection;
    private @Nullable ScheduledExecutorService thread;
    private long transactions;

    private record Login(String jdbcUrl, String user, String password) {}

    /**
     * @param user a role that may write the operators' tables, as {@code touchline_operator}
     * @param plan its {@code matches} are run at a time; {@code defects} do not matter: the database refuses them
     * @param clock ms UTC
     */
    public OperatorDesk(String jdbcUrl, String user, String password, SimulationPlan plan, LongSupplier clock) {
        this.login = new Login(jdbcUrl, user, password);
        this.plan = plan;
        this.clock = clock;
        this.begin = clock.getAsLong();
        for (int ground = 0; ground < plan.matches(); ground++) {
            grounds.add(new Ground(ground));
        }
    }

    /**
     * Does everything that is due.
     *
     * @return how many transactions that took
     * @throws SQLException when the database refuses one or is away; nothing is skipped
     */
    public synchronized int work() throws SQLException {
        long now = (long) ((clock.getAsLong() - begin) * plan.speed());
        int done = 0;
        for (Ground ground : grounds) {
            for (DeskScript.Errand errand = ground.due(now); errand != null; errand = ground.due(now)) {
                ground.id = commit(errand, ground.id);
                ground.errands.removeFirst();
                done++;
            }
        }
        transactions += done;
        return done;
    }

    /** Works by itself from now on, that often, until it is closed; a database that is away is waited for. */
    public synchronized void start(long everyMs) {
        if (thread != null) {
            throw new IllegalStateException("the desk is already at work");
        }
        ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread named = new Thread(task, "operator-desk");
            named.setDaemon(true);
            return named;
        });
        var unused = worker.scheduleWithFixedDelay(this::workOrWait, 0, everyMs, TimeUnit.MILLISECONDS);
        thread = worker;
    }

    /** Transactions committed so far. */
    public synchronized long transactions() {
        return transactions;
    }

    /** The matches that are in the database now. */
    public synchronized List<String> matches() {
        List<String> ids = new ArrayList<>();
        for (Ground ground : grounds) {
            if (ground.id != null) {
                ids.add(ground.id);
            }
        }
        return ids;
    }

    @Override
    public void close() {
        ScheduledExecutorService worker;
        synchronized (this) {
            worker = thread;
        }
        if (worker != null) {
            worker.shutdownNow();
            try {
                worker.awaitTermination(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        disconnect();
    }

    private void workOrWait() {
        try {
            work();
        } catch (SQLException | RuntimeException e) {
            LOG.warn("event=operator_desk_waits reason=\"{}\"", String.valueOf(e.getMessage()));
        }
    }

    private @Nullable String commit(DeskScript.Errand errand, @Nullable String match) throws SQLException {
        try {
            Connection open = connected();
            String id = match;
            try (Statement statement = open.createStatement()) {
                for (String sql : errand.statements()) {
                    String named = id == null ? sql : sql.replace(DeskScript.MATCH, id);
                    if (statement.execute(named)) {
                        id = returned(statement);
                    }
                }
            }
            open.commit();
            return errand.statements().get(0).startsWith("delete") ? null : id;
        } catch (SQLException e) {
            disconnect();
            throw e;
        }
    }

    private static String returned(Statement statement) throws SQLException {
        try (ResultSet result = statement.getResultSet()) {
            if (!result.next()) {
                throw new SQLException("the new match has no id");
            }
            return result.getString(1);
        }
    }

    private synchronized Connection connected() throws SQLException {
        if (connection == null) {
            Connection opened = DriverManager.getConnection(login.jdbcUrl(), login.user(), login.password());
            connection = opened;
            opened.setAutoCommit(false);
            try (Statement statement = opened.createStatement()) {
                statement.execute("insert into touchline.league (id, sport, title) values ('"
                        + CUP.sport().key() + "', '" + CUP.sport().key() + "', '"
                        + CUP.sport().title() + "') on conflict do nothing");
            }
            opened.commit();
        }
        return connection;
    }

    private synchronized void disconnect() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.warn("event=operator_desk_disconnect reason=\"{}\"", String.valueOf(e.getMessage()));
            }
            connection = null;
        }
    }

    /** One match after another, and the errands that are left of the current one. */
    private final class Ground {
        final int number;
        final Deque<DeskScript.Errand> errands = new ArrayDeque<>();
        long match;

        @Nullable
        String id;

        Ground(int number) {
            this.number = number;
        }

        DeskScript.@Nullable Errand due(long now) {
            if (errands.isEmpty()) {
                errands.addAll(DeskScript.of(next(now)));
            }
            DeskScript.Errand first = errands.getFirst();
            return first.at() <= now ? first : null;
        }

        /** The first one begins soon on every other ground, and is already being played on the rest. */
        private SimulatedMatch next(long now) {
            SimulatedMatch next = SimulatedMatch.of(plan.seed(), CUP, 99, number, match++);
            while (next.end() <= now) {
                next = SimulatedMatch.of(plan.seed(), CUP, 99, number, match++);
            }
            return next;
        }
    }
}
