package touchline.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import touchline.update.Shards;

/** The shards by their count, made once: the functions of a job travel as bytes, and {@link Shards} does not. */
final class ShardsOf {

    private static final Map<Integer, Shards> MADE = new ConcurrentHashMap<>();

    private ShardsOf() {}

    static Shards count(int count) {
        return MADE.computeIfAbsent(count, Shards::new);
    }
}
