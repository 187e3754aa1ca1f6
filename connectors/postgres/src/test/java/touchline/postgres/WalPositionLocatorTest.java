package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.DebeziumException;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationMessage.NoopMessage;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import io.debezium.connector.postgresql.connection.TransactionMessage;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is passed on after a restart, as a table of positions. */
class WalPositionLocatorTest {

    private record Message(Operation operation, long position) {}

    @Test
    void aTransactionThatBeginsWhereAHeartbeatStoredTheEndIsPassedWhole() {
        assertThat(passed(100L, 100L, begin(100), row(100), commit(110))).isEqualTo("B100 I100 C110");
    }

    @Test
    void allRowsOfOneCopyArePassed() {
        assertThat(passed(100L, 100L, begin(100), row(100), row(100), row(100), commit(110)))
                .isEqualTo("B100 I100 I100 I100 C110");
    }

    @Test
    void whatWasStoredInTheMiddleOfACopyComesAgainRatherThanNotAtAll() {
        assertThat(passed(90L, 100L, begin(95), row(100), row(100), commit(110), begin(120), row(120), commit(130)))
                .isEqualTo("I100 I100 C110 B120 I120 C130");
    }

    @Test
    void whatCameBeforeTheStoredRowIsNotRepeated() {
        assertThat(passed(90L, 104L, begin(100), row(100), row(102), row(104), row(106), commit(110)))
                .isEqualTo("I104 I106 C110");
    }

    @Test
    void transactionsUpToTheStoredCommitAreNotRepeated() {
        assertThat(passed(110L, 111L, begin(100), row(100), commit(110), begin(120), row(120), commit(130)))
                .isEqualTo("B120 I120 C130");
    }

    @Test
    void transactionsThatRanTogetherComeInTheOrderOfTheirCommits() {
        // The second began before the first ended; its rows lie before the stored commit.
        assertThat(passed(110L, 111L, begin(100), row(100), commit(110), begin(101), row(102), commit(120)))
                .isEqualTo("B101 I102 C120");
    }

    @Test
    void withoutAStoredCommitTheFirstPositionIsTheOneToResume() {
        assertThat(passed(null, 50L, begin(100), row(100), commit(110))).isEqualTo("B100 I100 C110");
    }

    @Test
    void aNewSlotIsNotSearched() {
        WalPositionLocator locator = new WalPositionLocator();
        assertThat(locator.searchingEnabled()).isFalse();
        assertThat(locator.skipMessage(Lsn.valueOf(1L))).isFalse();
        assertThat(new WalPositionLocator(Lsn.valueOf(1L), Lsn.valueOf(2L)).searchingEnabled())
                .isTrue();
    }

    @Test
    void aPositionThatTheSearchDidNotMeetIsNotDroppedSilently() {
        WalPositionLocator locator = new WalPositionLocator(Lsn.valueOf(90L), Lsn.valueOf(100L));
        locator.resumeFromLsn(Lsn.valueOf(95L), message(begin(95)));
        locator.resumeFromLsn(Lsn.valueOf(100L), message(row(100)));
        locator.enableFiltering();
        assertThatThrownBy(() -> locator.skipMessage(Lsn.valueOf(97L))).isInstanceOf(DebeziumException.class);
    }

    @Test
    void oursIsTheOneThatIsLoaded() {
        assertThatCode(WalPositionLocatorCheck::verify).doesNotThrowAnyException();
        assertThatThrownBy(() -> WalPositionLocatorCheck.verify(String.class)).hasMessageContaining("loses rows");
    }

    /** Searches as the reader does, then reads again from the beginning. */
    private static String passed(@Nullable Long commit, Long event, Message... log) {
        WalPositionLocator locator =
                new WalPositionLocator(commit == null ? null : Lsn.valueOf(commit), Lsn.valueOf(event));
        for (Message message : log) {
            Optional<Lsn> resume = locator.resumeFromLsn(Lsn.valueOf(message.position()), message(message));
            if (resume.isPresent()) {
                break;
            }
        }
        locator.enableFiltering();
        List<String> passed = new ArrayList<>();
        for (Message message : log) {
            if (!locator.skipMessage(Lsn.valueOf(message.position()))) {
                passed.add(message.operation().name().charAt(0) + "" + message.position());
            }
        }
        return String.join(" ", passed);
    }

    private static io.debezium.connector.postgresql.connection.ReplicationMessage message(Message message) {
        return message.operation() == Operation.INSERT
                ? new NoopMessage(1L, Instant.EPOCH)
                : new TransactionMessage(message.operation(), 1L, Instant.EPOCH);
    }

    private static Message begin(long position) {
        return new Message(Operation.BEGIN, position);
    }

    private static Message row(long position) {
        return new Message(Operation.INSERT, position);
    }

    private static Message commit(long position) {
        return new Message(Operation.COMMIT, position);
    }
}
