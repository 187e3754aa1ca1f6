package touchline.sql;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.factories.CatalogFactory;

/** {@code CREATE CATALOG touchline WITH ('type' = 'touchline', 'kafka.bootstrap' = '...')}; every option is a setting of the jobs. */
public final class TouchlineCatalogFactory implements CatalogFactory {

    static final String IDENTIFIER = "touchline";

    @Override
    public String factoryIdentifier() {
        return IDENTIFIER;
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
    public Catalog createCatalog(Context context) {
        Map<String, String> settings = new TreeMap<>(context.getOptions());
        settings.remove("type");
        return new TouchlineCatalog(context.getName(), settings);
    }
}
