package touchline.sql;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in columns, as they come: of a query its changes, too, each with its sign. */
final class Printed implements Statements.Listener {

    private static final int WIDEST = 40;
    /** A busy Flink takes a while to begin; the query's time is counted from then. */
    private static final long SUBMITTED_MS = 60_000;

    private final PrintWriter out;
    private final long forMs;
    private long until;
    private final List<Integer> widths = new ArrayList<>();
    private boolean query;
    private long rows;

    /** @param forMs queries that are still running then are ended; 0 for never */
    Printed(PrintWriter out, long forMs) {
        this.out = out;
        this.forMs = forMs;
        this.until = after(forMs + SUBMITTED_MS);
    }

    private long after(long ms) {
        return forMs == 0 ? Long.MAX_VALUE : System.currentTimeMillis() + ms;
    }

    @Override
    public boolean wantsMore() {
        out.flush();
        boolean more = System.currentTimeMillis() < until;
        if (!more) {
            out.println("(ended: its time is over)");
        }
        return more;
    }

    @Override
    public void columns(List<Statements.Column> columns, boolean query) {
        this.query = query;
        until = after(forMs);
        List<@Nullable String> names = new ArrayList<>();
        for (Statements.Column column : columns) {
            widths.add(Math.max(column.name().length(), width(column.type())));
            names.add(column.name());
        }
        if (query || columns.size() > 1) {
            line("op", names);
        }
    }

    private static int width(String type) {
        return switch (type) {
            case "TIMESTAMP_WITH_LOCAL_TIME_ZONE", "TIMESTAMP_WITHOUT_TIME_ZONE" -> 23;
            case "BIGINT" -> 13;
            case "DECIMAL" -> 8;
            case "BOOLEAN" -> 5;
            case "VARCHAR" -> 20;
            default -> 4;
        };
    }

    @Override
    public void row(String kind, List<@Nullable String> fields) {
        rows++;
        line(sign(kind), fields);
    }

    private static String sign(String kind) {
        return switch (kind) {
            case "UPDATE_BEFORE" -> "-U";
            case "UPDATE_AFTER" -> "+U";
            case "DELETE" -> "-D";
            default -> "+I";
        };
    }

    private void line(String sign, List<@Nullable String> fields) {
        StringBuilder line = new StringBuilder(query ? sign + "  " : "");
        for (int i = 0; i < fields.size(); i++) {
            @Nullable String field = fields.get(i);
            String text = field == null ? "<NULL>" : field;
            line.append(i == 0 ? "" : "  ").append(text);
            line.append(" ".repeat(Math.max(0, Math.min(widths.get(i), WIDEST) - text.length())));
        }
        out.println(line.toString().stripTrailing());
    }

    long rows() {
        return rows;
    }
}
