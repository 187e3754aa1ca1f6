package touchline.sql;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/**
 * What an update says of one group of a match's cells, and within it of one field.
 *
 * @param logTime when the log took what changed it, ms UTC
 * @param field empty where the row is the group's
 * @param cells of the whole group
 */
record Said(String match, Position position, long logTime, String group, String field, Map<String, String> cells) {

    Said of(String field) {
        return new Said(match, position, logTime, group, field, cells);
    }

    @Nullable
    String cell(String field) {
        return cells.get(field);
    }

    @Nullable
    Long number(String field) {
        String cell = cells.get(field);
        return cell == null ? null : Long.valueOf(cell);
    }
}
