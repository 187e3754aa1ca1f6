package touchline.sql;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;

/** The page {@code docs/tables.md}: every table with its columns, keys and watermarks, as {@code tables.sql} declares them. */
final class Dictionary {

    private static final String HEAD = """
            # Tables

            Made of [`sql/tables.sql`](../sql/tables.sql): change that file, then
            `mvn -pl sql -am test -Dtest=DictionaryTest -Dtouchline.tables.write=true -Dsurefire.failIfNoSpecifiedTests=false`.

            Catalog `touchline`, database `live`; [sql/README.md](../sql/README.md) says how to ask. `matches` is a word of SQL's own:
            write it in backticks. Tables with a key are changelogs in streaming, and what holds now in batch.
            """;

    private final StringBuilder page = new StringBuilder(HEAD);

    private Dictionary() {}

    static String page() {
        TouchlineCatalog catalog =
                new TouchlineCatalog(TouchlineCatalog.NAME, Map.of("kafka.bootstrap", "broker:9092"));
        catalog.open();
        Dictionary dictionary = new Dictionary();
        try {
            for (String name : catalog.listTables(TouchlineCatalog.DATABASE)) {
                dictionary.table(name, catalog.getTable(new ObjectPath(TouchlineCatalog.DATABASE, name)));
            }
        } catch (DatabaseNotExistException | TableNotExistException e) {
            throw new IllegalStateException("the catalog lists what it does not have", e);
        }
        catalog.close();
        return dictionary.page.toString();
    }

    private void table(String name, CatalogBaseTable table) {
        page.append("\n## ")
                .append(name)
                .append("\n\n")
                .append(table.getComment())
                .append(".\n\n");
        if (table.getTableKind() == CatalogBaseTable.TableKind.VIEW) {
            page.append("A view; its columns are those of its query in [`sql/views.sql`](../sql/views.sql).\n");
            return;
        }
        Schema schema = table.getUnresolvedSchema();
        List<String> key = schema.getPrimaryKey()
                .map(Schema.UnresolvedPrimaryKey::getColumnNames)
                .orElse(List.of());
        boolean timed = !schema.getWatermarkSpecs().isEmpty();
        page.append(key.isEmpty() ? timed ? "Rows are only added." : "" : "Key: `" + String.join("`, `", key) + "`.");
        schema.getWatermarkSpecs()
                .forEach(mark -> page.append(" Watermark: `")
                        .append(mark.getColumnName())
                        .append("`."));
        page.append("\n\n| column | type | |\n|---|---|---|\n");
        for (Schema.UnresolvedColumn column : schema.getColumns()) {
            page.append("| `").append(column.getName()).append("` | ");
            page.append(type(column)).append(" | ");
            page.append(escaped(column.getComment().orElse(""))).append(" |\n");
        }
    }

    private static String escaped(String comment) {
        return comment.replace("|", "\\|").replace("<", "&lt;");
    }

    private static String type(Schema.UnresolvedColumn column) {
        return Optional.of(column)
                .filter(Schema.UnresolvedPhysicalColumn.class::isInstance)
                .map(physical -> ((Schema.UnresolvedPhysicalColumn) physical)
                        .getDataType()
                        .toString())
                .map(type -> "`" + type.replace(" NOT NULL", "").replace("`", "") + "`")
                .orElse("computed");
    }
}
