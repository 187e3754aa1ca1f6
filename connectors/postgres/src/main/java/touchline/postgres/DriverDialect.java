package touchline.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.cdc.connectors.base.config.JdbcSourceConfig;
import org.apache.flink.cdc.connectors.base.relational.connection.JdbcConnectionPoolFactory;
import org.apache.flink.cdc.connectors.postgres.source.PostgresConnectionPoolFactory;
import org.apache.flink.cdc.connectors.postgres.source.PostgresDialect;
import org.apache.flink.cdc.connectors.postgres.source.config.PostgresSourceConfig;

/**
 * Flink CDC's way of talking to PostgreSQL, whose pooled connections (discovery, snapshot) get the driver's properties too;
 * its own pass them to the replication connection only, and {@code sslmode=verify-full} would silently not hold.
 */
final class DriverDialect extends PostgresDialect {
    private static final long serialVersionUID = 1L;

    DriverDialect(PostgresSourceConfig config) {
        super(config);
    }

    @Override
    public JdbcConnectionPoolFactory getPooledDataSourceFactory() {
        return new Pools();
    }

    private static final class Pools extends PostgresConnectionPoolFactory {
        @Override
        public String getJdbcUrl(JdbcSourceConfig config) {
            TreeMap<String, String> properties = new TreeMap<>();
            for (String name : PostgresSettings.DRIVER_PROPERTIES) {
                String value = config.getDbzProperties().getProperty("database." + name);
                if (value != null) {
                    properties.put(name, URLEncoder.encode(value, UTF_8));
                }
            }
            return super.getJdbcUrl(config)
                    + properties.entrySet().stream()
                            .map(property -> property.getKey() + "=" + property.getValue())
                            .collect(Collectors.joining("&", "?", ""));
        }
    }
}
