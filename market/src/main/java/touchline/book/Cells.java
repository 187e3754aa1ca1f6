package touchline.book;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;

/** The published cells of one group, field to value, with their running checksum. */
final class Cells {

    private final SortedMap<String, String> values;
    private long sum;

    Cells() {
        this(new TreeMap<>(), Checksum.EMPTY);
    }

    private Cells(SortedMap<String, String> values, long sum) {
        this.values = values;
        this.sum = sum;
    }

    @Nullable
    String get(String field) {
        return values.get(field);
    }

    SortedMap<String, String> values() {
        return values;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** The checksum in its wire form, null for a group without cells. */
    @Nullable
    String sum() {
        return values.isEmpty() ? null : Checksum.hex(sum);
    }

    /** Makes these the cells, and tells every difference. */
    boolean become(SortedMap<String, String> next, Difference difference) {
        if (next.equals(values)) {
            return false;
        }
        boolean changed = false;
        for (String field : List.copyOf(values.keySet())) {
            if (!next.containsKey(field)) {
                sum = Checksum.minus(sum, field, Objects.requireNonNull(values.remove(field)));
                difference.gone(field);
                changed = true;
            }
        }
        for (Map.Entry<String, String> cell : next.entrySet()) {
            String before = values.put(cell.getKey(), cell.getValue());
            if (!cell.getValue().equals(before)) {
                if (before != null) {
                    sum = Checksum.minus(sum, cell.getKey(), before);
                }
                sum = Checksum.plus(sum, cell.getKey(), cell.getValue());
                difference.set(cell.getKey(), cell.getValue());
                changed = true;
            }
        }
        return changed;
    }

    /** Hears what changed in a group. */
    interface Difference {
        void set(String field, String value);

        void gone(String field);
    }

    void write(StateWriter out) {
        out.number(sum).texts(values);
    }

    static Cells read(StateReader in) {
        long sum = in.number();
        return new Cells(in.texts(), sum);
    }
}
