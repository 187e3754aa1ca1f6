package touchline.sql;

import java.util.Map;
import java.util.Set;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** What is held of one match: how far it is, its cells by group and field, and the rows that stand, by group and key. */
interface Held {

    @Nullable
    Position position();

    void position(Position position);

    Set<String> groups();

    /** Empty where there is none. Not to be changed. */
    Map<String, String> cells(String group);

    void cells(String group, Map<String, String> cells);

    /** Empty where there is none. Not to be changed. */
    Map<String, RowData> rows(String group);

    void rows(String group, Map<String, RowData> rows);
}
