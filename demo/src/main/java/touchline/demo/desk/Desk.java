package touchline.demo.desk;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries orders out as an operator does, by SQL under an operator's role, each in one transaction: what changes together
 * leaves together. Checks nothing itself.
 */
final class Desk implements AutoCloseable {

    /** What a match is, as it left the database last. */
    private static final String MATCHES = """
            select coalesce(jsonb_agg(jsonb_build_object('id', match, 'rev', rev, 'document', document)
                order by match like 'manual:%' desc, length(match) desc, match desc), '[]')::text
            from (select * from touchline.match_document
              where not document ?? 'deleted' and (document ->> 'phase') is distinct from 'ended'
              order by at desc limit 200) d""";

    private static final String NO_DATA = "P0002";
    private static final List<String> RESULT = List.of("home", "draw", "away");

    private final String jdbcUrl;
    private final String user;
    private @Nullable Connection kept;

    Desk(String jdbcUrl, String user) {
        this.jdbcUrl = jdbcUrl;
        this.user = user;
    }

    /** All matches that operators speak of and that have not ended, as a JSON array. */
    synchronized String matches() throws SQLException {
        return inOne(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(MATCHES);
                    ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "[]";
            }
        });
    }

    /** @return the match that it was about */
    synchronized String carryOut(Order order) throws SQLException {
        return inOne(connection -> write(connection, order));
    }

    private interface Work {
        String in(Connection connection) throws SQLException;
    }

    private String inOne(Work work) throws SQLException {
        Connection connection = kept;
        if (connection == null) {
            connection = DriverManager.getConnection(jdbcUrl, user, "");
            connection.setAutoCommit(false);
            kept = connection;
        }
        try {
            String done = work.in(connection);
            connection.commit();
            return done;
        } catch (SQLException e) {
            if (Refusal.isOrders(e)) {
                connection.rollback();
            } else {
                close();
            }
            throw e;
        }
    }

    private static String write(Connection connection, Order order) throws SQLException {
        if (order instanceof Order.Announce it) {
            return announce(connection, it);
        } else if (order instanceof Order.Score it) {
            ensure(connection, it.match());
            change(
                    connection,
                    "update touchline.match set score_home = ?, score_away = ? where id = ?",
                    it.home(),
                    it.away(),
                    it.match());
            return it.match();
        } else if (order instanceof Order.Phase it) {
            ensure(connection, it.match());
            change(
                    connection,
                    "update touchline.match set phase = ?, period = nullif(?, '') where id = ?",
                    it.phase(),
                    it.period(),
                    it.match());
            return it.match();
        } else if (order instanceof Order.Clock it) {
            change(
                    connection,
                    "update touchline.match set clock_seconds = ?, clock_running = ? where id = ?",
                    it.seconds(),
                    it.running(),
                    it.match());
            return it.match();
        } else if (order instanceof Order.Prices it) {
            prices(connection, it);
            return it.match();
        } else if (order instanceof Order.Confirm it) {
            change(connection, "update touchline.selection set price = price where match = ?", it.match());
            return it.match();
        } else if (order instanceof Order.Suspend it) {
            run(connection, "insert into touchline.command (match, market) values (?, ?)", it.match(), it.market());
            return it.match();
        } else if (order instanceof Order.Resume it) {
            run(
                    connection,
                    "insert into touchline.command (match, market, action) values (?, ?, 'resume')",
                    it.match(),
                    it.market());
            return it.match();
        } else if (order instanceof Order.Incident it) {
            ensure(connection, it.match());
            run(
                    connection,
                    "insert into touchline.incident (match, type, side, state) values (?, ?, nullif(?, ''), ?)",
                    it.match(),
                    it.type(),
                    it.side(),
                    it.state());
            return it.match();
        } else if (order instanceof Order.Decide it) {
            change(
                    connection,
                    "update touchline.incident set state = ? where match = ? and id = ?",
                    it.state(),
                    it.match(),
                    it.id());
            return it.match();
        } else if (order instanceof Order.Withdraw it) {
            change(connection, "delete from touchline.match where id = ?", it.match());
            return it.match();
        }
        throw new IllegalStateException("nobody carries out " + order);
    }

    private static String announce(Connection connection, Order.Announce it) throws SQLException {
        run(
                connection,
                "insert into touchline.league (id, sport, title) values ('operators', 'soccer_operators', ?)"
                        + " on conflict (id) do update set title = excluded.title where league.title <> excluded.title",
                it.league());
        String id;
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into touchline.match (league, home, away, start, phase, period, score_home, score_away)"
                        + " select 'operators', ?, ?, clock_timestamp() + case when live then interval '0' else interval '1 hour' end,"
                        + " ?, case when live then 'first_half' end, case when live then 0 end, case when live then 0 end"
                        + " from (select ? = 'live' as live) p returning id")) {
            statement.setString(1, it.home());
            statement.setString(2, it.away());
            statement.setString(3, it.phase());
            statement.setString(4, it.phase());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                id = row.getString(1);
            }
        }
        for (int i = 0; i < RESULT.size(); i++) {
            price(connection, id, "h2h", RESULT.get(i), it.prices().get(i));
        }
        // Two further markets, so that there is something to trade; priced as if nobody knew anything.
        BigDecimal even = new BigDecimal("1.9");
        prices(connection, new Order.Prices(id, "totals", new BigDecimal("2.5"), Map.of("over", even, "under", even)));
        prices(connection, new Order.Prices(id, "btts", null, Map.of("yes", even, "no", even)));
        return id;
    }

    private static void prices(Connection connection, Order.Prices it) throws SQLException {
        ensure(connection, it.match());
        if (it.line() != null) {
            run(
                    connection,
                    "insert into touchline.market (match, market, line) values (?, ?, ?)"
                            + " on conflict (match, market) do update set line = excluded.line",
                    it.match(),
                    it.market(),
                    it.line());
        }
        for (Map.Entry<String, BigDecimal> price : it.prices().entrySet()) {
            price(connection, it.match(), it.market(), price.getKey(), price.getValue());
        }
    }

    private static void price(Connection connection, String match, String market, String outcome, BigDecimal price)
            throws SQLException {
        run(
                connection,
                "insert into touchline.selection (match, market, outcome, price) values (?, ?, ?, ?)"
                        + " on conflict (match, market, outcome) do update set price = excluded.price",
                match,
                market,
                outcome,
                price);
    }

    /** To say something of a provider's match is to have a row for it; an operator's own is there, or there is none. */
    private static void ensure(Connection connection, String match) throws SQLException {
        if (!match.startsWith("manual:")) {
            run(connection, "insert into touchline.match (id) values (?) on conflict (id) do nothing", match);
        }
    }

    private static void change(Connection connection, String sql, Object... values) throws SQLException {
        if (run(connection, sql, values) == 0) {
            throw new SQLException("there is nothing here that could be changed so", NO_DATA);
        }
    }

    private static int run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    @Override
    public synchronized void close() {
        Connection connection = kept;
        kept = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It is away already, and the next order makes another.
                return;
            }
        }
    }
}
