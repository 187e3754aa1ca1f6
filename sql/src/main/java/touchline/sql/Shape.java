package touchline.sql;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/** The columns of a table in the order in which it is declared; makes its rows of subjects, and compares them. */
final class Shape<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final List<Column<T>> columns;
    private final List<RowData.FieldGetter> getters = new ArrayList<>();

    /** @throws ValidationException when the declaration lacks a column, has one more, or another type */
    Shape(String table, List<Column<T>> known, RowType declared) {
        columns = new ArrayList<>();
        for (RowType.RowField field : declared.getFields()) {
            Column<T> column = known.stream()
                    .filter(one -> one.name().equals(field.getName()))
                    .findFirst()
                    .orElseThrow(() -> new ValidationException("table '" + table + "' has no column " + field.getName()
                            + "; its columns are " + names(known)));
            if (!column.type().copy(true).equals(field.getType().copy(true))) {
                throw new ValidationException("column " + field.getName() + " of table '" + table + "' is "
                        + column.type().asSummaryString() + ", not "
                        + field.getType().asSummaryString());
            }
            getters.add(RowData.createFieldGetter(column.type(), columns.size()));
            columns.add(column);
        }
        if (columns.size() < known.size()) {
            throw new ValidationException("table '" + table + "' has the columns " + names(known)
                    + "; declared are only " + declared.getFieldNames());
        }
    }

    private static <T> List<String> names(List<Column<T>> columns) {
        return columns.stream().map(Column::name).toList();
    }

    GenericRowData row(T subject) {
        GenericRowData row = new GenericRowData(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            row.setField(i, columns.get(i).value().of(subject));
        }
        return row;
    }

    /** The same row, with when it changed last from another subject. */
    GenericRowData stamped(RowData row, T subject) {
        GenericRowData stamped = copy(RowKind.INSERT, row);
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).stamp()) {
                stamped.setField(i, columns.get(i).value().of(subject));
            }
        }
        return stamped;
    }

    /** To be given away: a row that is held is never changed. */
    GenericRowData copy(RowKind kind, RowData row) {
        GenericRowData copy = new GenericRowData(kind, columns.size());
        for (int i = 0; i < columns.size(); i++) {
            copy.setField(i, getters.get(i).getFieldOrNull(row));
        }
        return copy;
    }

    /** But for when they changed last. */
    boolean same(RowData one, RowData other) {
        for (int i = 0; i < columns.size(); i++) {
            RowData.FieldGetter getter = getters.get(i);
            if (!columns.get(i).stamp() && !Objects.equals(getter.getFieldOrNull(one), getter.getFieldOrNull(other))) {
                return false;
            }
        }
        return true;
    }

    @Nullable
    Object value(RowData row, String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return getters.get(i).getFieldOrNull(row);
            }
        }
        throw new IllegalArgumentException("no column " + column + " among " + names(columns));
    }
}
