package touchline.sql;

import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;

/** Where rows go. */
interface RowSink {

    void change(RowKind kind, RowData row);

    default <T> void update(Shape<T> shape, RowData before, RowData after) {
        change(RowKind.UPDATE_BEFORE, shape.copy(RowKind.UPDATE_BEFORE, before));
        change(RowKind.UPDATE_AFTER, shape.copy(RowKind.UPDATE_AFTER, after));
    }

    /** Nothing changes this row any more, and it is no longer held. It has been told as a change, too. */
    void settled(RowData row);
}
