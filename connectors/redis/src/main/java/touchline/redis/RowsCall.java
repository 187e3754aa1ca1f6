package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** One call of {@code rows.lua}: a batch of rows. Its bytes are made once; sent again, it is the same call. */
final class RowsCall {

    /** Longer than all attempts of a call take. */
    private static final long REMEMBERED_MS = 3_600_000;

    private final byte[][] keys;
    private final byte[][] args;
    private final int rows;
    private int attempt = 1;

    /**
     * @param writer whose calls are counted, a word that no other writer has
     * @param number of this call among its
     */
    RowsCall(RedisConfig config, StreamsConfig streams, String writer, long number, List<RowEntry> entries) {
        rows = entries.size();
        keys = new byte[][] {
            streams.target().getBytes(UTF_8),
            streams.hash().getBytes(UTF_8),
            (streams.target() + ":writer:" + writer).getBytes(UTF_8)
        };
        List<byte[]> words = new ArrayList<>(4 + 3 * entries.size());
        words.add(Long.toString(number).getBytes(UTF_8));
        words.add(Long.toString(REMEMBERED_MS).getBytes(UTF_8));
        words.add(Long.toString(config.streamMax()).getBytes(UTF_8));
        words.add(streams.field().getBytes(UTF_8));
        for (RowEntry entry : entries) {
            words.add(entry.op().word().getBytes(UTF_8));
            words.add(entry.key());
            words.add(entry.row());
        }
        args = words.toArray(new byte[0][]);
    }

    byte[][] keys() {
        return keys;
    }

    byte[][] args() {
        return args;
    }

    int rows() {
        return rows;
    }

    int attempt() {
        return attempt;
    }

    void again() {
        attempt++;
    }
}
