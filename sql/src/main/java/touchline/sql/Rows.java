package touchline.sql;

import java.io.Serializable;
import java.util.Map;
import org.apache.flink.table.data.RowData;

/** Which rows a group of cells makes. */
interface Rows extends Serializable {

    boolean areOf(String group);

    /**
     * Tells the changes that lead from the rows that stand to those that are said.
     *
     * @param said of a group that is gone, or not known, without cells
     * @return the rows that stand now, by key
     */
    Map<String, RowData> follow(Said said, Map<String, RowData> standing, RowSink out);
}
