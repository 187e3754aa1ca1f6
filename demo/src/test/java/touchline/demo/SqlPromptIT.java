package touchline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import touchline.sandbox.PostgresServer;

class SqlPromptIT {

    @Test
    void runsStatementsOverSeveralLinesAndShowsTablesAndRefusals() throws SQLException, IOException {
        StringWriter out = new StringWriter();
        boolean well;
        try (PostgresServer postgres = PostgresServer.start(0);
                Connection connection = postgres.connect()) {
            SqlPrompt prompt = new SqlPrompt(connection, new PrintWriter(out));
            String session = """
                    create table goal (scorer text,
                      minute int constraint a_minute_is_within_0_and_130 check (minute between 0 and 130));

                    insert into goal values ('Smith', 7), ('Lee', null);
                    select * from goal;
                    insert into goal values ('Nobody', 999);
                    \\q
                    select 'never read';
                    """;
            well = prompt.read(new BufferedReader(new StringReader(session)), false);
        }

        assertThat(well).as("one statement was refused").isFalse();
        assertThat(out.toString().lines().toList())
                .startsWith("0 rows changed", "2 rows changed", " scorer | minute", "--------+-------", " Smith  | 7")
                .contains("(2 rows)")
                .anyMatch(line -> line.contains("a_minute_is_within_0_and_130"))
                .noneMatch(line -> line.contains("never read"));
    }
}
