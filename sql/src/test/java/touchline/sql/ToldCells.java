package touchline.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the cells of a test's rows as a column's type: plain text, or JSON for what has parts. A time is {@code HH:mm:ss} of
 * the day on which all tests happen, with or without parts of a second, or a whole {@code yyyy-MM-dd HH:mm:ss}.
 *
 * @param shiftMs added to every time
 */
record ToldCells(long shiftMs) {

    static final String DAY = "2026-06-20";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSS]");
    private static final ObjectMapper JSON = new ObjectMapper();

    static long millis(String time) {
        return LocalDateTime.parse(time.length() > 12 ? time : DAY + " " + time, TIME)
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
    }

    @Nullable
    Object read(String cell, LogicalType type) {
        if (cell.isEmpty()) {
            return null;
        }
        boolean nested = type instanceof MapType || type instanceof ArrayType || type instanceof RowType;
        try {
            return read(nested ? JSON.readTree(cell) : TextNode.valueOf(cell), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + cell, e);
        }
    }

    private @Nullable Object read(JsonNode value, LogicalType type) {
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        return switch (type.getTypeRoot()) {
            case VARCHAR -> StringData.fromString(value.asText());
            case BIGINT -> Long.valueOf(value.asText());
            case INTEGER -> Integer.valueOf(value.asText());
            case BOOLEAN -> Boolean.valueOf(value.asText());
            case DECIMAL -> decimal(value.asText(), (DecimalType) type);
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> TimestampData.fromEpochMillis(millis(value.asText()) + shiftMs);
            case ARRAY -> array(value, ((ArrayType) type).getElementType());
            case MAP -> map(value, ((MapType) type).getValueType());
            case ROW -> row(value, (RowType) type);
            default -> throw new IllegalArgumentException("no column of a test's table is " + type.asSummaryString());
        };
    }

    private static @Nullable DecimalData decimal(String text, DecimalType type) {
        return DecimalData.fromBigDecimal(new BigDecimal(text), type.getPrecision(), type.getScale());
    }

    private GenericArrayData array(JsonNode value, LogicalType element) {
        List<@Nullable Object> elements = new ArrayList<>();
        value.forEach(one -> elements.add(read(one, element)));
        return new GenericArrayData(elements.toArray());
    }

    private GenericMapData map(JsonNode value, LogicalType of) {
        Map<Object, @Nullable Object> map = new HashMap<>();
        value.properties().forEach(one -> map.put(StringData.fromString(one.getKey()), read(one.getValue(), of)));
        return new GenericMapData(map);
    }

    private GenericRowData row(JsonNode value, RowType type) {
        GenericRowData row = new GenericRowData(type.getFieldCount());
        for (int i = 0; i < type.getFieldCount(); i++) {
            row.setField(i, read(value.path(type.getFieldNames().get(i)), type.getTypeAt(i)));
        }
        return row;
    }
}
