package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

class SlotHealthIT {

    @Test
    void aJobThatHadReadIsStoppedWithTheRemedyWhenItsSlotIsGone() throws Exception {
        try (OperatorsDatabase database = OperatorsDatabase.start()) {
            PostgresSettings settings = database.settings("mine");
            database.server().apply("select pg_create_logical_replication_slot('mine', 'pgoutput')");
            assertThatCode(() -> SlotHealth.require(settings)).doesNotThrowAnyException();

            database.server().apply("select pg_drop_replication_slot('mine')");
            assertThatThrownBy(() -> SlotHealth.require(settings))
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasStackTraceContaining("replication slot mine is not there")
                    .hasStackTraceContaining("start IngestJob without its old state");
        }
    }
}
