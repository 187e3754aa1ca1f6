package touchline.sql;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.factories.DynamicTableSinkFactory;

/** Refuses to write to the catalog's tables, whatever their connector could do. Reading is left to the connector. */
final class NoSink implements DynamicTableSinkFactory {

    @Override
    public String factoryIdentifier() {
        return "touchline-read-only";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        throw new ValidationException(
                "INSERT INTO " + context.getObjectIdentifier().getObjectName() + ": the tables of catalog "
                        + context.getObjectIdentifier().getCatalogName()
                        + " are only read. What they hold is written by Touchline's jobs; write to a table of your own"
                        + " (in default_catalog, or a TEMPORARY one)");
    }
}
