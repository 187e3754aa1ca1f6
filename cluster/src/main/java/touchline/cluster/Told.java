package touchline.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Kind;
import touchline.feed.RefusedException;

/** The feed log as it is now: what ingest has told. */
record Told(List<FeedRecord> records) {

    /** @throws IllegalStateException when there is anything that ingest should not have written */
    static Told read(String bootstrap) {
        return read(bootstrap, e -> {
            throw new IllegalStateException("ingest wrote what cannot be read: " + e.detail(), e);
        });
    }

    /** @param unusable hears of what others than ingest have written */
    static Told read(String bootstrap, Consumer<RefusedException> unusable) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrap);
        List<FeedRecord> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("feed").stream()
                    .map(partition -> new TopicPartition("feed", partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> left = new HashMap<>(consumer.endOffsets(partitions));
            while (!left.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.key() != null && record.value() != null) {
                        try {
                            records.add(FeedJson.read(record.value()));
                        } catch (RefusedException e) {
                            unusable.accept(e);
                        }
                    }
                }
                left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
        return new Told(records);
    }

    /** Does change capture stream? While its first snapshot is read, it says nothing. */
    boolean hasHeartbeat() {
        return records.stream().anyMatch(record -> record.source().equals("manual/heartbeat"));
    }

    /** The revisions of each operators' document, told once or more. */
    Map<String, TreeSet<Long>> revisions() {
        Map<String, TreeSet<Long>> revisions = new TreeMap<>();
        for (FeedRecord record : records) {
            if (record.kind() == Kind.MANUAL) {
                revisions
                        .computeIfAbsent(record.match(), match -> new TreeSet<>())
                        .add(record.seq().n());
            }
        }
        return revisions;
    }

    /** What was told first of each match by that source stream in each of its generations. */
    Map<String, TreeMap<Long, FeedRecord>> firsts(String source) {
        Map<String, TreeMap<Long, FeedRecord>> firsts = new TreeMap<>();
        for (FeedRecord record : records) {
            if (record.source().equals(source)) {
                firsts.computeIfAbsent(record.match(), match -> new TreeMap<>())
                        .putIfAbsent(record.seq().generation(), record);
            }
        }
        return firsts;
    }
}
