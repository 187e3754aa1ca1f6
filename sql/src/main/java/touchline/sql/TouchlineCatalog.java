package touchline.sql;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogDatabase;
import org.apache.flink.table.catalog.CatalogFunction;
import org.apache.flink.table.catalog.CatalogPartition;
import org.apache.flink.table.catalog.CatalogPartitionSpec;
import org.apache.flink.table.catalog.GenericInMemoryCatalog;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.ResolvedCatalogBaseTable;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.stats.CatalogColumnStatistics;
import org.apache.flink.table.catalog.stats.CatalogTableStatistics;
import org.apache.flink.table.factories.Factory;

/**
 * The tables and views of {@code tables.sql} and {@code views.sql}, for one installation. It is read-only: nothing can be made,
 * changed or dropped in it, and nothing written to its tables; what an analyst makes goes to a catalog of his own. This is
 * order, not security: who may reach the gateway, and what Kafka lets it do, is decided there.
 */
public final class TouchlineCatalog extends GenericInMemoryCatalog {

    public static final String NAME = "touchline";
    public static final String DATABASE = "live";

    /** Every session opens a catalog of its own; what it offers is read once. */
    private static final Map<Map<String, String>, Map<ObjectPath, CatalogBaseTable>> READ = new ConcurrentHashMap<>();

    private final Map<String, String> settings;
    private volatile boolean filled;

    /** @param settings of the jobs, by which the tables are filled in; those that no table needs are of no concern */
    public TouchlineCatalog(String name, Map<String, String> settings) {
        super(name, DATABASE);
        this.settings = Map.copyOf(settings);
    }

    @Override
    public void open() {
        super.open();
        if (!filled) {
            Map<ObjectPath, CatalogBaseTable> tables = READ.computeIfAbsent(settings, TouchlineCatalog::read);
            try {
                for (Map.Entry<ObjectPath, CatalogBaseTable> table : tables.entrySet()) {
                    super.createTable(table.getKey(), table.getValue(), false);
                }
            } catch (Exception e) {
                throw new CatalogException("catalog " + getName() + " cannot be filled", e);
            }
            filled = true;
        }
    }

    /** Flink itself reads the statements, in an environment of its own. Under the usual name: views name their tables by it. */
    private static Map<ObjectPath, CatalogBaseTable> read(Map<String, String> settings) {
        TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withBuiltInCatalogName(NAME)
                .withBuiltInDatabaseName(DATABASE)
                .build());
        CatalogText.statements(settings).forEach(environment::executeSql);
        Map<ObjectPath, CatalogBaseTable> tables = new LinkedHashMap<>();
        Catalog scratch = environment.getCatalog(NAME).orElseThrow();
        try {
            for (String table : scratch.listTables(DATABASE)) {
                ObjectPath path = new ObjectPath(DATABASE, table);
                CatalogBaseTable read = scratch.getTable(path);
                // Resolved expressions belong to the environment that has read them.
                tables.put(path, read instanceof ResolvedCatalogBaseTable<?> resolved ? resolved.getOrigin() : read);
            }
        } catch (Exception e) {
            throw new CatalogException("reading tables.sql and views.sql", e);
        }
        return tables;
    }

    @Override
    public Optional<Factory> getFactory() {
        return Optional.of(new NoSink());
    }

    private CatalogException readOnly(String what) {
        return new CatalogException(
                what + ": catalog " + getName() + " is read-only. Make what is your own in another one"
                        + " (USE CATALOG default_catalog, or write default_catalog.default_database.name), or a TEMPORARY one");
    }

    @Override
    public void createDatabase(String name, CatalogDatabase database, boolean ignore) {
        if (filled || !name.equals(DATABASE)) {
            throw readOnly("CREATE DATABASE " + name);
        }
    }

    @Override
    public void dropDatabase(String name, boolean ignore, boolean cascade) {
        throw readOnly("DROP DATABASE " + name);
    }

    @Override
    public void alterDatabase(String name, CatalogDatabase database, boolean ignore) {
        throw readOnly("ALTER DATABASE " + name);
    }

    @Override
    public void createTable(ObjectPath path, CatalogBaseTable table, boolean ignore) {
        throw readOnly("CREATE " + table.getTableKind() + " " + path.getObjectName());
    }

    @Override
    public void alterTable(ObjectPath path, CatalogBaseTable table, boolean ignore) {
        throw readOnly("ALTER " + table.getTableKind() + " " + path.getObjectName());
    }

    @Override
    public void dropTable(ObjectPath path, boolean ignore) {
        throw readOnly("DROP TABLE " + path.getObjectName());
    }

    @Override
    public void renameTable(ObjectPath path, String name, boolean ignore) {
        throw readOnly("ALTER TABLE " + path.getObjectName() + " RENAME TO " + name);
    }

    @Override
    public void createFunction(ObjectPath path, CatalogFunction function, boolean ignore) {
        throw readOnly("CREATE FUNCTION " + path.getObjectName());
    }

    @Override
    public void alterFunction(ObjectPath path, CatalogFunction function, boolean ignore) {
        throw readOnly("ALTER FUNCTION " + path.getObjectName());
    }

    @Override
    public void dropFunction(ObjectPath path, boolean ignore) {
        throw readOnly("DROP FUNCTION " + path.getObjectName());
    }

    @Override
    public void createPartition(
            ObjectPath path, CatalogPartitionSpec spec, CatalogPartition partition, boolean ignore) {
        throw readOnly("ALTER TABLE " + path.getObjectName() + " ADD PARTITION");
    }

    @Override
    public void dropPartition(ObjectPath path, CatalogPartitionSpec spec, boolean ignore) {
        throw readOnly("ALTER TABLE " + path.getObjectName() + " DROP PARTITION");
    }

    @Override
    public void alterPartition(ObjectPath path, CatalogPartitionSpec spec, CatalogPartition partition, boolean ignore) {
        throw readOnly("ALTER TABLE " + path.getObjectName() + " PARTITION");
    }

    @Override
    public void alterTableStatistics(ObjectPath path, CatalogTableStatistics statistics, boolean ignore) {
        throw readOnly("ANALYZE TABLE " + path.getObjectName());
    }

    @Override
    public void alterTableColumnStatistics(ObjectPath path, CatalogColumnStatistics statistics, boolean ignore) {
        throw readOnly("ANALYZE TABLE " + path.getObjectName());
    }
}
