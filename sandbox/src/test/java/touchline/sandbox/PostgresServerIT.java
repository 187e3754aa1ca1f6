package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresServerIT {

    @Test
    void isReadyForLogicalReplicationWithSynchronousCommits() throws SQLException {
        try (PostgresServer postgres = PostgresServer.start(0)) {
            postgres.apply("create table t(a int); insert into t values (1), (2)");
            assertThat(one(postgres, "select sum(a) from t")).isEqualTo("3");
            assertThat(one(postgres, "show wal_level")).isEqualTo("logical");
            assertThat(one(postgres, "show synchronous_commit")).isEqualTo("on");
            assertThat(one(postgres, "select slot_name from pg_create_logical_replication_slot('s', 'pgoutput')"))
                    .isEqualTo("s");
            assertThatThrownBy(() -> postgres.apply("no such statement")).hasMessageContaining("syntax error");
        }
    }

    private static String one(PostgresServer postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
