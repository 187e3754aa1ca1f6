package touchline.sql;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.ResolvedCatalogBaseTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;
import touchline.sandbox.FlinkServer;
import touchline.sql.ToldRows.Arrival;

/** An analyst's session in which the catalog's tables hold what an input file says. Their columns and the views are the catalog's own. */
final class Desk {

    private static final AtomicInteger TOLD = new AtomicInteger();
    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");
    /** As a session at the gateway has one. */
    static final String OWN_CATALOG =
            "CREATE CATALOG default_catalog WITH ('type' = 'generic_in_memory', 'default-database' = 'default_database')";

    private static final String WITH = "\nWITH (";
    private static final Map<String, String> NO_SETTINGS = Map.of("kafka.bootstrap", "none");

    private final StreamTableEnvironment session;
    private final long shiftMs;

    private Desk(StreamTableEnvironment session, long shiftMs) {
        this.session = session;
        this.shiftMs = shiftMs;
    }

    /**
     * @param input tables, each its name, its columns and rows, with a blank line behind; before them {@code now = TIME}, where
     *     the query asks for the time: then all happens around this moment, and is shown as if it were that one
     */
    static Desk open(FlinkServer flink, String input, Arrival arrival, long seed) {
        StreamTableEnvironment session = session(flink, arrival == Arrival.AT_THE_END);
        Map<String, List<String>> told = tables(input);
        List<String> now = told.getOrDefault("now", List.of());
        long shiftMs = now.isEmpty() ? 0 : Instant.now().toEpochMilli() - ToldCells.millis(now.get(0));
        told.remove("now");
        Random random = new Random(seed);
        for (String statement : CatalogText.statements(NO_SETTINGS)) {
            int with = statement.lastIndexOf(WITH);
            if (!statement.startsWith("CREATE TABLE ") || with < 0) {
                session.executeSql(statement);
                continue;
            }
            String key = "told-" + TOLD.incrementAndGet();
            String table = statement.split("[\\s(]+", 4)[2].replace("`", "");
            session.executeSql(statement.substring(0, with) + WITH + "'connector' = 'told', 'rows' = '" + key + "')");
            List<String> lines = told.containsKey(table) ? told.remove(table) : List.of();
            ToldRows rows = new ToldRows(schema(session, table), lines, new ToldCells(shiftMs));
            ToldTableFactory.tell(key, rows.arriving(arrival, random));
        }
        if (!told.isEmpty()) {
            throw new IllegalArgumentException("no tables of the catalog: " + told.keySet());
        }
        return new Desk(session, shiftMs);
    }

    /** With the catalog's own tables, up to the present, and its views. */
    static Desk live(FlinkServer flink, Map<String, String> settings, boolean batch) {
        StreamTableEnvironment session = session(flink, batch);
        for (String statement : CatalogText.statements(settings)) {
            session.executeSql(statement.replace(
                    "'connector' = 'touchline',", "'connector' = 'touchline', 'scan.bounded.mode' = 'latest-offset',"));
        }
        return new Desk(session, 0);
    }

    private static ResolvedSchema schema(StreamTableEnvironment session, String table) {
        try {
            Catalog catalog = session.getCatalog(TouchlineCatalog.NAME).orElseThrow();
            ObjectPath path = new ObjectPath(TouchlineCatalog.DATABASE, table);
            return ((ResolvedCatalogBaseTable<?>) catalog.getTable(path)).getResolvedSchema();
        } catch (TableNotExistException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StreamTableEnvironment session(FlinkServer flink, boolean batch) {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "1");
        configuration.setString("table.local-time-zone", "UTC");
        configuration.setString("pipeline.auto-watermark-interval", "0");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createRemoteEnvironment("127.0.0.1", flink.port(), configuration);
        env.setRuntimeMode(batch ? RuntimeExecutionMode.BATCH : RuntimeExecutionMode.STREAMING);
        EnvironmentSettings.Builder settings = EnvironmentSettings.newInstance()
                .withConfiguration(configuration)
                .withBuiltInCatalogName(TouchlineCatalog.NAME)
                .withBuiltInDatabaseName(TouchlineCatalog.DATABASE);
        StreamTableEnvironment session = StreamTableEnvironment.create(
                env, (batch ? settings.inBatchMode() : settings.inStreamingMode()).build());
        session.executeSql(OWN_CATALOG);
        return session;
    }

    private static Map<String, List<String>> tables(String input) {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        for (String block : input.strip().split("\n\\s*\n")) {
            List<String> lines = new ArrayList<>(block.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(String::strip)
                    .toList());
            if (lines.get(0).startsWith("now = ")) {
                tables.put("now", List.of(lines.get(0).substring("now = ".length())));
            } else {
                tables.put(lines.remove(0), lines);
            }
        }
        return tables;
    }

    /** Runs what is no question, and waits for its end: what all tables hold has one. */
    void run(String statement) throws Exception {
        session.executeSql(statement).await();
    }

    /** The columns, then the rows that hold at the end, sorted. */
    List<List<String>> ask(String query) {
        List<List<String>> answer = new ArrayList<>();
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, List<String>> rows = new TreeMap<>();
        var result = session.executeSql(query);
        answer.add(result.getResolvedSchema().getColumnNames());
        result.collect().forEachRemaining(row -> {
            List<String> shown = shown(row);
            boolean more = row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER;
            counts.merge(shown.toString(), more ? 1 : -1, Integer::sum);
            rows.put(shown.toString(), shown);
        });
        counts.forEach((key, count) -> {
            if (count < 0) {
                throw new AssertionError("taken back, but never given: " + key);
            }
            for (int i = 0; i < count; i++) {
                answer.add(java.util.Objects.requireNonNull(rows.get(key)));
            }
        });
        return answer;
    }

    /** Every row that held at some moment, without the columns. */
    List<List<String>> everHeld(String query) {
        List<List<String>> rows = new ArrayList<>();
        session.executeSql(query).collect().forEachRemaining(row -> {
            if (row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER) {
                rows.add(shown(row));
            }
        });
        return rows;
    }

    private List<String> shown(Row row) {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < row.getArity(); i++) {
            shown.add(shown(row.getField(i)));
        }
        return shown;
    }

    private String shown(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Instant time) {
            return time(time.toEpochMilli() - shiftMs);
        }
        if (value instanceof LocalDateTime time) {
            return SHOWN.format(time);
        }
        return value instanceof Map<?, ?> map ? new TreeMap<>(map).toString() : value.toString();
    }

    /** As answers show it. */
    static String time(long ms) {
        return SHOWN.format(LocalDateTime.ofInstant(Instant.ofEpochMilli(ms), ZoneOffset.UTC));
    }
}
