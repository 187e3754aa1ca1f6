package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import touchline.book.MapStore;
import touchline.book.MarketMachine;
import touchline.book.MarketRules;
import touchline.book.Quotation;
import touchline.book.QuotationJson;
import touchline.book.Step;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.RefusedException;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/**
 * What must come of a feed log, found without Flink and without Redis: reads the topic as it is now and folds it in
 * memory. Keeps every position's cells, so that a Redis that is a wake-up behind can be compared, too.
 */
final class LogFold {

    private static final long QUOTE_STAMP_MS = 30_000;

    /** Match to position to the cells there. */
    final Map<String, TreeMap<Position, Map<String, String>>> states = new TreeMap<>();
    /** Match to the position after its last record. */
    final Map<String, Position> lastSaid = new TreeMap<>();

    /** Key to value of every quote that the books hold, as their topic has it. */
    final Map<String, String> quotes = new TreeMap<>();

    final List<String> updates = new ArrayList<>();
    int records;

    private final MarketMachine machine;
    private final Map<String, MapStore> books = new HashMap<>();
    private final Map<String, Map<String, String>> cells = new HashMap<>();

    private LogFold(MarketRules rules) {
        machine = new MarketMachine(rules);
    }

    static LogFold of(String bootstrap, String topic, MarketRules rules) {
        LogFold fold = new LogFold(rules);
        Map<Integer, Long> logTimes = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : everything(bootstrap, topic)) {
            long logTime = logTimes.merge(record.partition(), record.timestamp(), Math::max);
            if (record.key() != null && record.value() != null) {
                fold.hear(new String(record.key(), UTF_8), record.value(), logTime);
            }
        }
        fold.books.forEach((match, book) -> {
            long latest =
                    logTimes.values().stream().mapToLong(Long::longValue).max().orElse(0);
            fold.take(match, fold.machine.wake(book, match, latest), false);
        });
        return fold;
    }

    private void hear(String match, byte[] value, long logTime) {
        try {
            FeedRecord record = FeedJson.read(value);
            if (!record.match().equals(match)) {
                return;
            }
            records++;
            MapStore book = books.computeIfAbsent(match, key -> new MapStore());
            take(match, machine.wake(book, match, logTime), false);
            take(match, machine.apply(book, record, logTime), true);
        } catch (RefusedException e) {
            // Refused in the job, too.
        }
    }

    private void take(String match, Step step, boolean told) {
        for (Quotation quotation : step.quotations()) {
            byte[] value = QuotationJson.value(quotation);
            String key = new String(QuotationJson.key(quotation), UTF_8);
            if (value == null) {
                quotes.remove(key);
            } else if (quotation.isNews(QUOTE_STAMP_MS)) {
                quotes.put(key, new String(value, UTF_8));
            }
        }
        for (MarketUpdate update : step.updates()) {
            Map<String, String> now = cells.computeIfAbsent(match, key -> new TreeMap<>());
            if (update.kind() != MarketUpdate.Kind.PATCH) {
                now.clear();
            }
            now.putAll(update.set());
            now.keySet().removeAll(update.del());
            states.computeIfAbsent(match, key -> new TreeMap<>()).put(update.position(), new TreeMap<>(now));
            updates.add(update.match() + " " + update.position());
            if (told) {
                lastSaid.put(match, update.position());
            }
        }
    }

    /** What a compacted topic keeps: the last value of each key that has one. */
    static Map<String, String> kept(String bootstrap, String topic) {
        Map<String, String> kept = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : everything(bootstrap, topic)) {
            String key = new String(record.key(), UTF_8);
            if (record.value() == null) {
                kept.remove(key);
            } else {
                kept.put(key, new String(record.value(), UTF_8));
            }
        }
        return kept;
    }

    /** The topic from its beginning to its present end, partition by partition. */
    static List<ConsumerRecord<byte[], byte[]>> everything(String bootstrap, String topic) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrap);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < end(ends, partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.offset() < end(ends, new TopicPartition(topic, record.partition()))) {
                        all.add(record);
                    }
                }
            }
            return all;
        }
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /** For messages of failed tests. */
    @Override
    public String toString() {
        return "fold of " + records + " records, matches "
                + Arrays.toString(states.keySet().toArray());
    }
}
