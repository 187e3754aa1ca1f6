package touchline.redis;

import java.util.Arrays;

/** What is said of a row in Redis; the key is empty where rows are only appended. */
final class RowEntry {

    private final Op op;
    private final byte[] key;
    private final byte[] row;

    RowEntry(Op op, byte[] key, byte[] row) {
        this.op = op;
        this.key = key;
        this.row = row;
    }

    /** What happens to it, in the words of {@code rows.lua}. */
    enum Op {
        APPEND("append"),
        SET("set"),
        DELETE("delete"),
        /** A deletion that the row's new state may follow: not to be said before it is known that none does. */
        RETRACT("delete");

        private final String word;

        Op(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    Op op() {
        return op;
    }

    byte[] key() {
        return key;
    }

    byte[] row() {
        return row;
    }

    boolean isOfKey(RowEntry other) {
        return Arrays.equals(key, other.key);
    }
}
