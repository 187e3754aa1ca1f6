package touchline.update;

import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * One atomic change of a match's cells. Applied whole to the state at the previous version (a patch), or in place of
 * whatever was held (an image, an end), it leads to a state whose groups have the given checksums.
 *
 * @param set cell ({@code group/field}) to new value, in canonical text, see {@link Checksum}
 * @param del cells that are no more
 * @param sums per changed group its {@linkplain Checksum checksum} afterwards, null when the group is no more; all
 *     groups in an image or end
 */
public record MarketUpdate(
        String match,
        Position position,
        Kind kind,
        SortedMap<String, String> set,
        SortedSet<String> del,
        SortedMap<String, @Nullable String> sums,
        Times times) {

    public MarketUpdate {
        set = Collections.unmodifiableSortedMap(set);
        del = Collections.unmodifiableSortedSet(del);
        sums = Collections.unmodifiableSortedMap(sums);
    }

    /** How it is applied. */
    public enum Kind {
        /** On top of the previous version. */
        PATCH,
        /** In place of everything held. */
        IMAGE,
        /** As an image, and the last of its epoch. */
        END;

        private final String json = name().toLowerCase(Locale.ROOT);

        /** The name in JSON. */
        public String json() {
            return json;
        }
    }

    public MarketUpdate withTimes(Times times) {
        return new MarketUpdate(match, position, kind, set, del, sums, times);
    }

    /** The group of a cell: what stands before the last slash. */
    public static String group(String cell) {
        return cell.substring(0, cell.lastIndexOf('/'));
    }

    /** The field of a cell: what stands after the last slash. */
    public static String field(String cell) {
        return cell.substring(cell.lastIndexOf('/') + 1);
    }
}
