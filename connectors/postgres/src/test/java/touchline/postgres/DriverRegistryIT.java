package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The registry of drivers, as a worker finds it that runs the job a second time, with its classes loaded again. */
class DriverRegistryIT {

    @Test
    void connectsThoughTheRegistryKnowsNoDriver() throws SQLException {
        try (OperatorsDatabase database = OperatorsDatabase.start()) {
            PostgresSettings settings = database.settings("touchline");
            List<Driver> known = DriverManager.drivers().toList();
            for (Driver driver : known) {
                DriverManager.deregisterDriver(driver);
            }
            try {
                assertThatThrownBy(() -> DriverManager.getConnection(settings.jdbcUrl(), settings.jdbcProperties()))
                        .hasMessageContaining("No suitable driver");
                try (Connection connection = settings.connect()) {
                    assertThat(connection.isValid(5)).isTrue();
                }
            } finally {
                for (Driver driver : known) {
                    DriverManager.registerDriver(driver);
                }
            }
        }
    }
}
