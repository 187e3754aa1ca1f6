package touchline.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.feed.Seq;
import touchline.postgres.Captured.Unusable;

/**
 * What the captured tables held at one moment, and which of it had not been read by then.
 *
 * @param at everything in it was committed before then, ms UTC by the database's clock
 * @param behind the rows that were written of late, whole, and had not been read
 */
record TableLook(long at, List<Captured> behind) {

    /** Rows that were written before are not looked at: ms. */
    static final long WINDOW_MS = 86_400_000;

    private static final String ROWS = """
            select '%s', match, generation, rev from touchline.match_document where at > clock_timestamp() - interval '%d ms'
            union all
            select '%s', provider_match, generation, rev from touchline.link_state where at > clock_timestamp() - interval '%d ms'
            """.formatted(Captured.DOCUMENTS, WINDOW_MS, Captured.LINKS, WINDOW_MS);

    private static final String DOCUMENTS =
            "select match, generation, rev, at, document from touchline.match_document where match = any (?)";
    private static final String LINKS =
            "select provider_match, match, was, generation, rev, at from touchline.link_state where provider_match = any (?)";

    /** @param isBehind whether a row at this revision has not been read */
    static TableLook take(PostgresSettings settings, BiPredicate<Ledger.Key, Seq> isBehind) throws SQLException {
        try (Connection connection = settings.connect()) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            // All of it as of one moment.
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            List<String> documents = new ArrayList<>();
            List<String> links = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet found = statement.executeQuery(ROWS)) {
                while (found.next()) {
                    Ledger.Key key = new Ledger.Key(found.getString(1), found.getString(2));
                    Seq seq = new Seq(found.getLong(3), found.getLong(4));
                    if (isBehind.test(key, seq)) {
                        (key.source().equals(Captured.LINKS) ? links : documents).add(key.id());
                    }
                }
            }
            List<Captured> behind = new ArrayList<>();
            whole(connection, DOCUMENTS, documents, behind);
            whole(connection, LINKS, links, behind);
            long at = now(connection);
            connection.commit();
            return new TableLook(at, behind);
        }
    }

    private static void whole(Connection connection, String query, List<String> ids, List<Captured> into)
            throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        Array array = connection.createArrayOf("text", ids.toArray());
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setArray(1, array);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    into.add(query.equals(LINKS) ? link(row) : document(row));
                }
            }
        }
    }

    private static Captured document(ResultSet row) throws SQLException {
        String match = row.getString(1);
        long generation = row.getLong(2);
        long rev = row.getLong(3);
        String json = row.getString(5);
        try {
            return CapturedRows.document(match, generation, rev, ms(row, 4), json, true);
        } catch (RefusedException e) {
            Refused refused = new Refused(e.reason(), match, Captured.DOCUMENTS, e.detail(), json);
            return new Unusable(refused, new Seq(generation, rev), true);
        }
    }

    private static Captured link(ResultSet row) throws SQLException {
        String providerMatch = row.getString(1);
        String match = row.getString(2);
        String was = row.getString(3);
        long generation = row.getLong(4);
        long rev = row.getLong(5);
        try {
            return CapturedRows.link(providerMatch, match, was, generation, rev, ms(row, 6), true);
        } catch (RefusedException e) {
            Refused refused = new Refused(e.reason(), providerMatch, Captured.LINKS, e.detail(), match + " was " + was);
            return new Unusable(refused, new Seq(generation, rev), true);
        }
    }

    private static long now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet now = statement.executeQuery("select clock_timestamp()")) {
            now.next();
            return ms(now, 1);
        }
    }

    private static long ms(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant().toEpochMilli();
    }
}
