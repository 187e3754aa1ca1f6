package io.debezium.connector.postgresql.connection;

import io.debezium.DebeziumException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where a restarted reader goes on in the write-ahead log, in place of the class of the same name in Debezium
 * 1.9.8, which must come later on the class path ({@link touchline.postgres.WalPositionLocatorCheck} makes sure).
 *
 * <p>What the class must do: the server sends whole transactions from somewhere before the stored position. First the
 * reader only looks ({@link #resumeFromLsn} for each message, until it answers), then it reads again from the start and
 * drops messages ({@link #skipMessage}) up to the one that was answered.
 *
 * <p>The original goes on <em>behind</em> the stored event. That loses rows in two cases: the BEGIN and the first row of
 * a transaction share one position, and so do all rows of one COPY batch, so that an event with the stored position need
 * not be the stored event. A heartbeat that stored the end of the log and a transaction that then begins exactly there
 * is the common one. This class goes on <em>at</em> the stored position: nothing is lost, and what shares that
 * position comes again. Readers must drop repeats, which the revision in every document makes easy.
 */
public class WalPositionLocator implements ResumesAtStoredEvent {

    private static final Logger LOG = LoggerFactory.getLogger(WalPositionLocator.class);

    private final Lsn storedCommit;
    private final Lsn storedEvent;

    private final Set<Lsn> seen = new HashSet<>();
    private Lsn first;
    private Lsn begin;
    private Lsn resume;
    private boolean passing = true;

    /** Searches; either position may be null when none was stored. */
    public WalPositionLocator(Lsn lastCommitStoredLsn, Lsn lastEventStoredLsn) {
        storedCommit = lastCommitStoredLsn;
        storedEvent = lastEventStoredLsn;
        LOG.info("event=wal_search commit={} change={}", storedCommit, storedEvent);
    }

    /** Does not search: a new slot. */
    public WalPositionLocator() {
        storedCommit = null;
        storedEvent = null;
    }

    /** The position to go on from, once this message makes it known. */
    public Optional<Lsn> resumeFromLsn(Lsn position, ReplicationMessage message) {
        seen.add(position);
        if (first == null) {
            first = position;
        }
        if (position.equals(storedEvent)) {
            return found(position, "stored_change");
        }
        if (storedCommit == null) {
            return found(first, "first");
        }
        switch (message.getOperation()) {
            case BEGIN -> begin = position;
            case COMMIT -> {
                if (position.compareTo(storedCommit) > 0) {
                    return found(begin == null ? first : begin, "next_transaction");
                }
            }
            default -> {}
        }
        return Optional.empty();
    }

    private Optional<Lsn> found(Lsn position, String by) {
        resume = position;
        LOG.info("event=wal_resume position={} by={}", position, by);
        return Optional.of(position);
    }

    /** Whether a message at this position came before the one to go on from. */
    public boolean skipMessage(Lsn position) {
        if (passing) {
            return false;
        }
        if (resume == null || resume.equals(position)) {
            passing = true;
            seen.clear();
            return false;
        }
        if (position.isValid() && !seen.contains(position)) {
            throw new DebeziumException("the server sent position " + position + ", which it had not when the position"
                    + " to resume from (" + resume + ") was searched: restart the reader");
        }
        return true;
    }

    /** From here on {@link #skipMessage} drops what comes before the position to go on from. */
    public void enableFiltering() {
        passing = false;
    }

    public boolean searchingEnabled() {
        return storedEvent != null;
    }

    public Lsn getLastEventStoredLsn() {
        return storedEvent;
    }

    @Override
    public String toString() {
        return "WalPositionLocator[commit=" + storedCommit + ", change=" + storedEvent + ", first=" + first + ", begin="
                + begin + ", resume=" + resume + ", passing=" + passing + "]";
    }
}
