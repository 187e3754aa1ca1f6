package touchline.redis;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;
import touchline.redis.RowEntry.Op;

/**
 * Rows as they stand in Redis, by the table's format.
 *
 * @param key of the primary key's columns alone; null in a table without one, whose rows are appended
 * @param keyFields those columns' places in a row
 */
record RowsFormat(
        SerializationSchema<RowData> row,
        @Nullable SerializationSchema<RowData> key,
        List<RowData.FieldGetter> keyFields)
        implements Serializable {

    void open(SerializationSchema.InitializationContext context) throws Exception {
        row.open(context);
        if (key != null) {
            key.open(context);
        }
    }

    RowEntry entry(RowData data) {
        RowKind kind = data.getRowKind();
        // Formats that know of no changes refuse them; here the entry says what happened.
        data.setRowKind(RowKind.INSERT);
        try {
            byte[] bytes = row.serialize(data);
            if (key == null) {
                return new RowEntry(Op.APPEND, new byte[0], bytes);
            }
            Op op = switch (kind) {
                case INSERT, UPDATE_AFTER -> Op.SET;
                case DELETE -> Op.DELETE;
                case UPDATE_BEFORE -> Op.RETRACT;
            };
            return new RowEntry(op, key.serialize(keyOf(data)), bytes);
        } finally {
            data.setRowKind(kind);
        }
    }

    private RowData keyOf(RowData data) {
        GenericRowData of = new GenericRowData(keyFields.size());
        for (int i = 0; i < keyFields.size(); i++) {
            of.setField(i, keyFields.get(i).getFieldOrNull(data));
        }
        return of;
    }
}
