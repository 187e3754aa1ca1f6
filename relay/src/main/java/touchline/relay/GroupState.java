package touchline.relay;

import com.fasterxml.jackson.core.io.SerializedString;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;

/**
 * The cells of one group of a match at one version, and at which version each came to be what it is; also the cells that
 * are no more, and since when. Does not change: a change makes another one.
 */
final class GroupState {

    private static final String[] NONE = {};
    private static final long[] NEVER = {};
    private static final SerializedString[] NAMELESS = {};

    final String key;
    /** The last version at which anything of the group changed. */
    final long changed;

    final long sum;

    /** Sorted; parallel to names, values and versions. */
    private final String[] fields;

    private final SerializedString[] names;
    private final String[] values;
    private final long[] versions;
    /** Cells that are no more, in the order in which they went; parallel to since. */
    private final String[] removed;

    private final long[] since;

    private GroupState(
            String key,
            long changed,
            long sum,
            String[] fields,
            SerializedString[] names,
            String[] values,
            long[] versions,
            String[] removed,
            long[] since) {
        this.key = key;
        this.changed = changed;
        this.sum = sum;
        this.fields = fields;
        this.names = names;
        this.values = values;
        this.versions = versions;
        this.removed = removed;
        this.since = since;
    }

    static GroupState empty(String key) {
        return new GroupState(key, 0, Checksum.EMPTY, NONE, NAMELESS, NONE, NEVER, NONE, NEVER);
    }

    boolean isEmpty() {
        return fields.length == 0;
    }

    int removals() {
        return removed.length;
    }

    @Nullable
    String value(String field) {
        int at = Arrays.binarySearch(fields, field);
        return at < 0 ? null : values[at];
    }

    /** With a cell that says something else from this version on; itself where it says so already. */
    GroupState with(String field, String value, long version) {
        int at = Arrays.binarySearch(fields, field);
        if (at >= 0) {
            if (values[at].equals(value)) {
                return this;
            }
            long sum = Checksum.plus(Checksum.minus(this.sum, field, values[at]), field, value);
            String[] values = this.values.clone();
            long[] versions = this.versions.clone();
            values[at] = value;
            versions[at] = version;
            return new GroupState(key, version, sum, fields, names, values, versions, removed, since);
        }
        int to = -at - 1;
        String[] fields = inserted(this.fields, to, field);
        SerializedString[] names = inserted(this.names, to, new SerializedString(key + "/" + field));
        String[] values = inserted(this.values, to, value);
        long[] versions = new long[fields.length];
        System.arraycopy(this.versions, 0, versions, 0, to);
        System.arraycopy(this.versions, to, versions, to + 1, fields.length - 1 - to);
        versions[to] = version;
        GroupState back = withoutRemoval(field);
        return new GroupState(
                key,
                version,
                Checksum.plus(sum, field, value),
                fields,
                names,
                values,
                versions,
                back.removed,
                back.since);
    }

    /** Without a cell from this version on; itself where there is none. */
    GroupState without(String field, long version) {
        int at = Arrays.binarySearch(fields, field);
        if (at < 0) {
            return this;
        }
        long[] versions = new long[fields.length - 1];
        System.arraycopy(this.versions, 0, versions, 0, at);
        System.arraycopy(this.versions, at + 1, versions, at, versions.length - at);
        GroupState back = withoutRemoval(field);
        String[] removed = inserted(back.removed, back.removed.length, field);
        long[] since = Arrays.copyOf(back.since, removed.length);
        since[removed.length - 1] = version;
        return new GroupState(
                key,
                version,
                Checksum.minus(sum, field, values[at]),
                without(fields, at),
                without(names, at),
                without(values, at),
                versions,
                removed,
                since);
    }

    /** Without any cell that is not among these. */
    GroupState keeping(Map<String, String> cells, long version) {
        GroupState group = this;
        for (String field : fields) {
            if (!cells.containsKey(field)) {
                group = group.without(field, version);
            }
        }
        return group;
    }

    /** Forgets cells that went at or before a version. */
    GroupState forgetting(long version) {
        int first = 0;
        while (first < since.length && since[first] <= version) {
            first++;
        }
        return first == 0
                ? this
                : new GroupState(
                        key,
                        changed,
                        sum,
                        fields,
                        names,
                        values,
                        versions,
                        Arrays.copyOfRange(removed, first, removed.length),
                        Arrays.copyOfRange(since, first, since.length));
    }

    /** When the cell that has been gone for longest went. */
    long firstRemoval() {
        return since.length == 0 ? Long.MAX_VALUE : since[0];
    }

    /** Hears of cells. */
    interface Cells<E extends Exception> {
        void cell(SerializedString name, String value) throws E;
    }

    /** Every cell that came to be what it is after a version. */
    <E extends Exception> void changedSince(long version, Cells<E> cells) throws E {
        if (changed > version) {
            for (int i = 0; i < fields.length; i++) {
                if (versions[i] > version) {
                    cells.cell(names[i], values[i]);
                }
            }
        }
    }

    /** Hears of cells that are no more. */
    interface Gone<E extends Exception> {
        void cell(String field) throws E;
    }

    /** Every cell that went after a version. */
    <E extends Exception> void goneSince(long version, Gone<E> gone) throws E {
        for (int i = 0; i < removed.length; i++) {
            if (since[i] > version) {
                gone.cell(removed[i]);
            }
        }
    }

    private GroupState withoutRemoval(String field) {
        for (int i = 0; i < removed.length; i++) {
            if (removed[i].equals(field)) {
                long[] since = new long[removed.length - 1];
                System.arraycopy(this.since, 0, since, 0, i);
                System.arraycopy(this.since, i + 1, since, i, since.length - i);
                return new GroupState(key, changed, sum, fields, names, values, versions, without(removed, i), since);
            }
        }
        return this;
    }

    private static <T> T[] inserted(T[] all, int at, T one) {
        T[] more = Arrays.copyOf(all, all.length + 1);
        System.arraycopy(all, at, more, at + 1, all.length - at);
        more[at] = one;
        return more;
    }

    private static <T> T[] without(T[] all, int at) {
        T[] fewer = Arrays.copyOf(all, all.length - 1);
        System.arraycopy(all, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }
}
