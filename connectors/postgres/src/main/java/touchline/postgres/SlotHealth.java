package touchline.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * How the replication slot is. A slot that nobody reads keeps the log on the server's disk; one that falls too far behind is
 * lost, and the reader must then start again without its old state.
 *
 * @param active whether somebody reads it now
 * @param lagBytes written by the server and not yet confirmed by a checkpoint of ours
 * @param keptBytes of the log that the server keeps for the slot; more than the lag
 * @param walStatus PostgreSQL's word: {@code reserved}, {@code extended}, {@code unreserved} (about to be lost) or {@code lost}
 * @param leftBytes what may still be written before the slot is in danger; -1 without a limit
 */
public record SlotHealth(String slot, boolean active, long lagBytes, long keptBytes, String walStatus, long leftBytes) {

    private static final String QUERY = "select active,"
            + " coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn), 0)::bigint,"
            + " coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint,"
            + " coalesce(wal_status, 'lost'), coalesce(safe_wal_size, -1)"
            + " from pg_replication_slots where slot_name = ?";

    /** @return empty when the slot does not exist */
    public static Optional<SlotHealth> of(Connection connection, String slot) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new SlotHealth(
                                slot,
                                row.getBoolean(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getString(4),
                                row.getLong(5)))
                        : Optional.empty();
            }
        }
    }

    /**
     * For a job whose state says how far it had read.
     *
     * @throws SuppressRestartsException when the slot cannot go on from there
     * @throws SQLException when the database does not answer; it may next time
     */
    static void require(PostgresSettings settings) throws SQLException {
        try (Connection connection = settings.connect()) {
            String status =
                    of(connection, settings.slot()).map(SlotHealth::walStatus).orElse("not there");
            if (status.equals("lost") || status.equals("not there")) {
                throw new SuppressRestartsException(new IllegalStateException("replication slot " + settings.slot()
                        + " is " + status + ": what was written since would never be heard. Run select"
                        + " pg_drop_replication_slot('" + settings.slot() + "') where it is still there, and start"
                        + " IngestJob without its old state (no savepoint): it reads every document again"));
            }
        }
    }

    /** Half of what the server keeps for slots is used up, or worse: somebody must look. */
    public boolean inDanger() {
        return walStatus.equals("unreserved") || walStatus.equals("lost") || (leftBytes >= 0 && leftBytes < keptBytes);
    }
}
