package touchline.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A Kafka topic read once, from its beginning to the end that it has when reading begins. */
final class FeedLog implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MAX_IDLE_POLLS = 60;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Map<TopicPartition, Long> ends;
    private final Map<TopicPartition, Long> begins;

    /** Receives the records, in order per partition. */
    interface Reader {
        void take(ConsumerRecord<byte[], byte[]> record);
    }

    FeedLog(Map<String, String> kafka, String topic) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "10000");
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "touchline-audit");
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        for (PartitionInfo partition : consumer.partitionsFor(topic)) {
            partitions.add(new TopicPartition(topic, partition.partition()));
        }
        if (partitions.isEmpty()) {
            consumer.close();
            throw new IllegalStateException(
                    "Kafka has no topic " + topic + ": has a job created it, and is kafka.feedTopic the same there?");
        }
        consumer.assign(partitions);
        begins = consumer.beginningOffsets(partitions);
        ends = consumer.endOffsets(partitions);
    }

    int partitions() {
        return partitions.size();
    }

    /** Is the beginning of this partition gone? */
    boolean trimmed(int partition) {
        return begins.entrySet().stream()
                .anyMatch(begin -> begin.getKey().partition() == partition && begin.getValue() > 0);
    }

    long trimmedPartitions() {
        return begins.values().stream().filter(begin -> begin > 0).count();
    }

    void read(Reader reader) {
        consumer.seekToBeginning(partitions);
        List<TopicPartition> open = new ArrayList<>(partitions);
        int idle = 0;
        while (true) {
            open.removeIf(partition -> consumer.position(partition) >= end(partition));
            consumer.assign(open);
            if (open.isEmpty()) {
                return;
            }
            int taken = 0;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end(new TopicPartition(record.topic(), record.partition()))) {
                    reader.take(record);
                    taken++;
                }
            }
            idle = taken == 0 ? idle + 1 : 0;
            if (idle > MAX_IDLE_POLLS) {
                throw new IllegalStateException("Kafka gives no more records of " + open + "; is the broker up?");
            }
        }
    }

    private long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
    }
}
