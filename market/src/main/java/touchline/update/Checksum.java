package touchline.update;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/**
 * The checksum of a group of cells: two 32-bit lanes, each the sum of murmur3_x86_32 (seeds 0 and 0x9747b28c) over the
 * UTF-8 of {@code field=value} of every cell. Order-free, and a change costs only the cells that changed.
 *
 * <p>A value's text is canonical: numbers in shortest decimal ({@code 2}, {@code 1.85}), lists sorted and joined by
 * commas, so that Java and JavaScript agree.
 */
public final class Checksum {

    private static final int SECOND_SEED = 0x9747b28c;

    private Checksum() {}

    /** The sum of no cells. */
    public static final long EMPTY = 0;

    public static long plus(long sum, String field, String value) {
        byte[] cell = (field + "=" + value).getBytes(UTF_8);
        return pack((int) (sum >>> 32) + Murmur3.hash(cell, 0), (int) sum + Murmur3.hash(cell, SECOND_SEED));
    }

    public static long minus(long sum, String field, String value) {
        byte[] cell = (field + "=" + value).getBytes(UTF_8);
        return pack((int) (sum >>> 32) - Murmur3.hash(cell, 0), (int) sum - Murmur3.hash(cell, SECOND_SEED));
    }

    /** The sum over a group's cells, field to value. */
    public static long of(Map<String, String> cells) {
        long sum = EMPTY;
        for (Map.Entry<String, String> cell : cells.entrySet()) {
            sum = plus(sum, cell.getKey(), cell.getValue());
        }
        return sum;
    }

    /** The wire form: 16 lower-case hex digits. */
    public static String hex(long sum) {
        String hex = Long.toHexString(sum);
        return "0".repeat(16 - hex.length()) + hex;
    }

    private static long pack(int first, int second) {
        return (long) first << 32 | (second & 0xffffffffL);
    }
}
