package touchline.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the operators' database whether it can be read as it must be, before a job is started on it: much of what can be
 * wrong shows no error later, only rows that never come.
 */
public final class DatabaseCheck {

    private static final String TABLES = "heartbeat,link_state,match_document";

    private final Connection connection;
    private final PostgresSettings settings;
    private final List<String> complaints = new ArrayList<>();

    private DatabaseCheck(Connection connection, PostgresSettings settings) {
        this.connection = connection;
        this.settings = settings;
    }

    /** @throws IllegalStateException with every complaint and what to do about each, one a line */
    public static void verify(PostgresSettings settings) {
        List<String> complaints;
        try (Connection connection = settings.connect()) {
            complaints = new DatabaseCheck(connection, settings).complaints();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    settings.jdbcUrl() + " as " + settings.user() + " cannot be read: " + e.getMessage(), e);
        }
        if (!complaints.isEmpty()) {
            throw new IllegalStateException(
                    settings.jdbcUrl() + " as " + settings.user() + ":\n" + String.join("\n", complaints));
        }
    }

    private List<String> complaints() throws SQLException {
        server();
        publication();
        if (privileges()) {
            rows();
        }
        slot();
        return complaints;
    }

    private void server() throws SQLException {
        String level = text("select current_setting('wal_level')");
        complainUnless("logical".equals(level), "wal_level is " + level + ": set it to logical and restart the server");
        complainUnless(
                "t".equals(text("select rolreplication or rolsuper from pg_roles where rolname = current_user")),
                "the role lacks REPLICATION: see deploy/postgres/roles.sql");
    }

    private void publication() throws SQLException {
        String tables = text(
                "select string_agg(tablename, ',' order by tablename collate \"C\") from pg_publication_tables"
                        + " where schemaname = 'touchline' and pubname = ?",
                settings.publication());
        String others = text(
                "select string_agg(schemaname || '.' || tablename, ',') from pg_publication_tables"
                        + " where schemaname <> 'touchline' and pubname = ?",
                settings.publication());
        complainUnless(
                TABLES.equals(tables) && others == null,
                "publication " + settings.publication() + " has the tables " + tables
                        + (others == null ? "" : "," + others) + " and not exactly " + TABLES
                        + ": run deploy/postgres/publication.sql");
    }

    private boolean privileges() throws SQLException {
        int before = complaints.size();
        if (text("select to_regclass('touchline.match_document')::text") == null) {
            complaints.add("there is no table touchline.match_document: run deploy/postgres/schema.sql");
            return false;
        }
        for (String table : TABLES.split(",")) {
            complainUnless(
                    "t".equals(text("select has_table_privilege(to_regclass(?), 'select')", "touchline." + table)),
                    "the role may not select touchline." + table + ": run deploy/postgres/roles.sql");
        }
        complainUnless(
                "t".equals(text("select has_column_privilege(to_regclass('touchline.heartbeat'), 'at', 'update')")),
                "the role may not update touchline.heartbeat: run deploy/postgres/roles.sql");
        complainUnless(
                "t".equals(text("select has_function_privilege('touchline.captured_rows()', 'execute')")),
                "the role may not call touchline.captured_rows(): run deploy/postgres/roles.sql");
        return complaints.size() == before;
    }

    private void rows() throws SQLException {
        String hidden = text("select 'documents ' || c.documents - v.documents || ', links ' || c.links - v.links"
                + " || ', heartbeats ' || c.heartbeats - v.heartbeats from touchline.captured_rows() c,"
                + " (select (select count(*) from touchline.match_document) documents,"
                + "  (select count(*) from touchline.link_state) links,"
                + "  (select count(*) from touchline.heartbeat) heartbeats) v"
                + " where (c.documents, c.links, c.heartbeats) <> (v.documents, v.links, v.heartbeats)");
        complainUnless(
                hidden == null,
                "row-level security hides rows from this role (" + hidden + "), which a snapshot would miss without an"
                        + " error: alter role ... bypassrls, or disable it on the captured tables");
        complainUnless(
                "1".equals(text("select count(*) from touchline.heartbeat")),
                "touchline.heartbeat has no row: run deploy/postgres/schema.sql");
    }

    private void slot() throws SQLException {
        String plugin = text("select plugin from pg_replication_slots where slot_name = ?", settings.slot());
        if (plugin == null) {
            complainUnless(
                    "t"
                            .equals(
                                    text(
                                            "select count(*) < current_setting('max_replication_slots')::int from pg_replication_slots")),
                    "no replication slot is free: drop an unused one, or raise max_replication_slots");
            return;
        }
        complainUnless(
                plugin.equals("pgoutput"),
                "slot " + settings.slot() + " belongs to the plugin " + plugin + ": name another");
        complainUnless(
                "t"
                        .equals(text(
                                "select database = current_database() from pg_replication_slots where slot_name = ?",
                                settings.slot())),
                "slot " + settings.slot() + " belongs to another database: name another");
        SlotHealth health = SlotHealth.of(connection, settings.slot()).orElseThrow();
        complainUnless(
                !health.walStatus().equals("lost"),
                "slot " + settings.slot()
                        + " fell too far behind and is lost: drop it, and start the job without its old"
                        + " state; see deploy/postgres/README.md");
    }

    private void complainUnless(boolean holds, String complaint) {
        if (!holds) {
            complaints.add("- " + complaint);
        }
    }

    private @Nullable String text(String query, String... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }
}
