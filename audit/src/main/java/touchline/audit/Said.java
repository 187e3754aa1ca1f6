package touchline.audit;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Times;

/**
 * What a stream entry said, small enough to keep all of them: the place to read it again and a fingerprint of what a
 * replay must say too. The wall-clock times of a run are no part of it.
 */
record Said(Position position, boolean patch, boolean end, long fingerprint, int shard, String id) {

    static Said of(Entry entry, int shard) {
        MarketUpdate update = entry.update();
        boolean patch = update.kind() == MarketUpdate.Kind.PATCH;
        return new Said(
                update.position(),
                patch,
                update.kind() == MarketUpdate.Kind.END,
                patch ? patch(update) : state(update.set(), update.sums()),
                shard,
                entry.id());
    }

    /** Everything of a patch that is the same in every replay. */
    static long patch(MarketUpdate update) {
        Map<String, String> parts = new TreeMap<>();
        update.set().forEach((cell, value) -> parts.put("set " + cell, value));
        update.del().forEach(cell -> parts.put("del " + cell, ""));
        for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
            parts.put("sum " + sum.getKey(), String.valueOf(sum.getValue()));
        }
        Times times = update.times();
        parts.put("times", times.source() + "," + times.ingest() + "," + times.log());
        return Checksum.of(parts);
    }

    /** A whole state. An image may be sent again later, with other times: they do not count. */
    static long state(Map<String, String> cells, Map<String, @Nullable String> sums) {
        Map<String, String> parts = new TreeMap<>();
        cells.forEach((cell, value) -> parts.put("set " + cell, value));
        for (Map.Entry<String, @Nullable String> sum : sums.entrySet()) {
            parts.put("sum " + sum.getKey(), String.valueOf(sum.getValue()));
        }
        return Checksum.of(parts);
    }
}
