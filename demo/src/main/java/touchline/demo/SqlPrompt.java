package touchline.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Statements in, tables out. */
final class SqlPrompt {

    private static final int MOST_ROWS = 1_000;

    private final Connection connection;
    private final PrintWriter out;

    SqlPrompt(Connection connection, PrintWriter out) {
        this.connection = connection;
        this.out = out;
    }

    /** Reads statements, each up to a line that ends with a semicolon, until {@code \q} or the end of the input. */
    boolean read(BufferedReader in, boolean prompt) throws IOException {
        boolean well = true;
        StringBuilder statement = new StringBuilder();
        while (true) {
            if (prompt) {
                out.print(statement.isEmpty() ? "touchline=> " : "touchline-> ");
                out.flush();
            }
            String line = in.readLine();
            if (line == null || (statement.isEmpty() && line.strip().equals("\\q"))) {
                break;
            }
            statement.append(line).append('\n');
            if (line.stripTrailing().endsWith(";")) {
                well &= run(statement.toString());
                statement.setLength(0);
            } else if (statement.toString().isBlank()) {
                statement.setLength(0);
            }
        }
        if (!statement.toString().isBlank()) {
            well &= run(statement.toString());
        }
        return well;
    }

    /** @return whether it succeeded; otherwise the database's own words have been printed */
    boolean run(String sql) {
        try (Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (true) {
                if (rows) {
                    table(statement.getResultSet());
                } else if (statement.getUpdateCount() >= 0) {
                    int count = statement.getUpdateCount();
                    out.println(count == 1 ? "1 row changed" : count + " rows changed");
                } else {
                    break;
                }
                rows = statement.getMoreResults();
            }
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                out.println("NOTICE: " + warning.getMessage());
            }
            out.flush();
            return true;
        } catch (SQLException e) {
            out.println(e.getMessage());
            out.flush();
            return false;
        }
    }

    private void table(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        int count = columns.getColumnCount();
        List<String[]> lines = new ArrayList<>();
        String[] names = new String[count];
        int[] widths = new int[count];
        for (int i = 0; i < count; i++) {
            names[i] = columns.getColumnLabel(i + 1);
            widths[i] = names[i].length();
        }
        while (rows.next() && lines.size() < MOST_ROWS) {
            String[] line = new String[count];
            for (int i = 0; i < count; i++) {
                @Nullable String value = rows.getString(i + 1);
                line[i] = value == null ? "" : value;
                widths[i] = Math.max(widths[i], line[i].length());
            }
            lines.add(line);
        }
        out.println(row(names, widths, " | ", ' '));
        out.println(row(new String[count], widths, "-+-", '-'));
        lines.forEach(line -> out.println(row(line, widths, " | ", ' ')));
        out.println(String.format(Locale.ROOT, "(%d %s)", lines.size(), lines.size() == 1 ? "row" : "rows"));
    }

    private static String row(@Nullable String[] values, int[] widths, String between, char fill) {
        StringBuilder row = new StringBuilder().append(fill);
        for (int i = 0; i < widths.length; i++) {
            String value = values[i] == null ? "" : values[i];
            row.append(i == 0 ? "" : between).append(value);
            row.append(String.valueOf(fill).repeat(widths[i] - value.length()));
        }
        return row.toString().stripTrailing();
    }
}
