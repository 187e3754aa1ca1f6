package touchline.sql;

import java.io.Serializable;
import java.math.BigDecimal;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.VarCharType;
import org.jspecify.annotations.Nullable;

/**
 * A column: its name and type in SQL, and how its value comes of a subject.
 *
 * @param stamp it says when the row changed last; alone, it is no change
 */
record Column<T>(String name, LogicalType type, boolean stamp, Value<T> value) implements Serializable {

    static final LogicalType TEXT = VarCharType.STRING_TYPE;
    static final LogicalType NUMBER = new BigIntType();
    static final LogicalType FLAG = new BooleanType();
    static final LogicalType TIME = new LocalZonedTimestampType(3);
    /** Prices and lines, in thousandths. */
    static final DecimalType DECIMAL = new DecimalType(10, 3);

    /** In Flink's internal form. */
    interface Value<T> extends Serializable {
        @Nullable
        Object of(T subject);
    }

    /** As Java has it. */
    interface Plain<T, V> extends Serializable {
        @Nullable
        V of(T subject);
    }

    static <T> Column<T> of(String name, LogicalType type, Value<T> value) {
        return new Column<>(name, type, false, value);
    }

    static <T> Column<T> text(String name, Plain<T, String> value) {
        return of(name, TEXT, subject -> StringData.fromString(value.of(subject)));
    }

    static <T> Column<T> number(String name, Plain<T, Long> value) {
        return of(name, NUMBER, value::of);
    }

    static <T> Column<T> flag(String name, Plain<T, Boolean> value) {
        return of(name, FLAG, value::of);
    }

    /** Of ms UTC; null and 0 are none. */
    static <T> Column<T> time(String name, Plain<T, Long> value) {
        return of(name, TIME, subject -> time(value.of(subject)));
    }

    /** Of a number's text. */
    static <T> Column<T> decimal(String name, Plain<T, String> value) {
        return of(name, DECIMAL, subject -> decimal(value.of(subject)));
    }

    Column<T> asStamp() {
        return new Column<>(name, type, true, value);
    }

    static @Nullable TimestampData time(@Nullable Long ms) {
        return ms == null || ms == 0 ? null : TimestampData.fromEpochMillis(ms);
    }

    static @Nullable DecimalData decimal(@Nullable String text) {
        return text == null
                ? null
                : DecimalData.fromBigDecimal(new BigDecimal(text), DECIMAL.getPrecision(), DECIMAL.getScale());
    }
}
