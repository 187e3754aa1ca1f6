package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.StreamMessage;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a stream as rows, by the table's format.
 *
 * @param row null where no column of the row itself is read: then any entry will do
 * @param field that holds the row
 * @param keyed does the table have a primary key? Then a row replaces the one before it, or deletes it
 */
record EntryFormat(
        @Nullable DeserializationSchema<RowData> row, String field, List<EntryColumn> metadata, boolean keyed)
        implements Serializable {

    private static final byte[] OP = "op".getBytes(UTF_8);
    private static final byte[] DELETE = "delete".getBytes(UTF_8);

    void open(DeserializationSchema.InitializationContext context) throws Exception {
        if (row != null) {
            row.open(context);
        }
    }

    /** @throws IOException when the entry is none of this table, or the format does not take it */
    void rows(String stream, StreamMessage<byte[], byte[]> entry, SourceOutput<RowData> output) throws IOException {
        for (RowData data : decoded(stream, entry)) {
            output.collect(with(stream, entry, data), StreamSplit.timeOf(entry.getId()));
        }
    }

    private List<RowData> decoded(String stream, StreamMessage<byte[], byte[]> entry) throws IOException {
        if (row == null) {
            return List.of(new GenericRowData(0));
        }
        String where = "stream " + stream + " entry " + entry.getId() + ": ";
        byte[] bytes = value(entry, field.getBytes(UTF_8));
        if (bytes == null) {
            throw new IOException(where + "has no field " + field + ", only " + fields(entry)
                    + "; set 'field' to the one that holds the row, or read the metadata column fields alone");
        }
        List<RowData> rows = new ArrayList<>(1);
        try {
            row.deserialize(bytes, new ListCollector<>(rows));
        } catch (IOException | RuntimeException e) {
            throw new IOException(where + e.getMessage(), e);
        }
        return rows;
    }

    private RowData with(String stream, StreamMessage<byte[], byte[]> entry, RowData data) {
        RowKind kind = data.getRowKind();
        if (keyed) {
            byte[] op = value(entry, OP);
            kind = op != null && Arrays.equals(op, DELETE) ? RowKind.DELETE : RowKind.UPDATE_AFTER;
        }
        if (metadata.isEmpty()) {
            data.setRowKind(kind);
            return data;
        }
        GenericRowData told = new GenericRowData(metadata.size());
        for (int i = 0; i < metadata.size(); i++) {
            told.setField(i, metadata.get(i).of(stream, entry));
        }
        return new JoinedRowData(kind, data, told);
    }

    private static byte @Nullable [] value(StreamMessage<byte[], byte[]> entry, byte[] field) {
        for (Map.Entry<byte[], byte[]> each : entry.getBody().entrySet()) {
            if (Arrays.equals(each.getKey(), field)) {
                return each.getValue();
            }
        }
        return null;
    }

    private static List<String> fields(StreamMessage<byte[], byte[]> entry) {
        return entry.getBody().keySet().stream()
                .map(field -> new String(field, UTF_8))
                .toList();
    }
}
