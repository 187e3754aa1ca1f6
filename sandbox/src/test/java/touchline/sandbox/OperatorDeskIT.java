package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OperatorDeskIT {

    private final AtomicLong now = new AtomicLong(1_900_000_000_000L);

    @Test
    void runsMatchesFromTheirAnnouncementToTheirEndOnTheShippedSchema() throws SQLException {
        SimulationPlan plan = new SimulationPlan(3, 1, 2, 0);
        try (PostgresServer postgres = PostgresServer.start(0)) {
            postgres.apply(shipped("schema.sql"));
            postgres.apply(shipped("roles.sql"));
            try (OperatorDesk desk = new OperatorDesk(postgres.jdbcUrl(), "touchline_operator", "", plan, now::get)) {
                int done = desk.work();
                assertThat(desk.matches()).isNotEmpty().allMatch(id -> id.startsWith("manual:"));
                assertThat(query(postgres, "select document ->> 'phase' from touchline.match_document"))
                        .contains("live");
                for (int minute = 0; minute < 150; minute++) {
                    now.addAndGet(60_000);
                    done += desk.work();
                }
                assertThat(desk.transactions()).isEqualTo(done).isGreaterThan(150);
                assertThat(desk.matches()).hasSizeLessThanOrEqualTo(2);
                assertThat(query(postgres, "select id from touchline.match"))
                        .containsExactlyInAnyOrderElementsOf(desk.matches());
                assertThat(query(postgres, "select match from touchline.match_document where document ? 'deleted'"))
                        .hasSizeGreaterThanOrEqualTo(2);
                assertThat(query(
                                postgres,
                                "select id from touchline.command where action = 'suspend' and released_at is null"))
                        .hasSizeLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void noTransactionIsMoreThanOneRevision() throws SQLException {
        SimulationPlan plan = new SimulationPlan(3, 1, 1, 0);
        try (PostgresServer postgres = PostgresServer.start(0)) {
            postgres.apply(shipped("schema.sql"));
            postgres.apply(shipped("roles.sql"));
            try (OperatorDesk desk = new OperatorDesk(postgres.jdbcUrl(), "touchline_operator", "", plan, now::get)) {
                int done = desk.work();
                assertThat(query(postgres, "select rev::text from touchline.match_document"))
                        .singleElement()
                        .satisfies(rev -> assertThat(Integer.parseInt(rev)).isBetween(1, done));
            }
        }
    }

    private static List<String> query(PostgresServer postgres, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    /** A file of deploy/postgres, found upwards of the working directory. */
    private static Path shipped(String file) {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null) {
            Path found = directory.resolve("deploy/postgres").resolve(file);
            if (Files.exists(found)) {
                return found;
            }
            directory = directory.getParent();
        }
        throw new IllegalStateException(
                "deploy/postgres/" + file + " is not above " + Path.of("").toAbsolutePath());
    }
}
