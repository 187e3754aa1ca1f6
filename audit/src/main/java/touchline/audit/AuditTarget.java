package touchline.audit;

import java.util.Map;
import java.util.TreeMap;
import touchline.book.MarketRules;

/**
 * What is audited.
 *
 * @param redis uri, see {@code redis.uri} of the sink
 * @param shards as the writer has them, {@code redis.shards}
 * @param kafka client settings, {@code bootstrap.servers} at least
 * @param topic of the feed log
 * @param maxRecordBytes longer records are refused, {@code kafka.maxRecordBytes}
 * @param rules that the market job runs with
 */
public record AuditTarget(
        String redis, int shards, Map<String, String> kafka, String topic, int maxRecordBytes, MarketRules rules) {

    public AuditTarget {
        kafka = Map.copyOf(new TreeMap<>(kafka));
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka: bootstrap.servers is needed");
        }
    }
}
