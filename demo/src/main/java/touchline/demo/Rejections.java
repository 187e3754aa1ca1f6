package touchline.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what was refused, by reason, from the topic where it is kept; and how long the feed log has become. */
final class Rejections implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Rejections.class);
    private static final Duration WAIT = Duration.ofMillis(300);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String rejected;
    private final SortedMap<String, LongAdder> reasons = new ConcurrentSkipListMap<>();
    private final ObjectMapper json = new ObjectMapper();
    private final Thread thread;

    private Rejections(String bootstrap, String rejected) {
        this.rejected = rejected;
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false",
                        "allow.auto.create.topics", "false",
                        "client.id", "touchline-board"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        thread = new Thread(this::follow, "touchline-rejections");
        thread.setDaemon(true);
    }

    /** The topic must be there. */
    static Rejections start(String bootstrap, String rejected) {
        Rejections rejections = new Rejections(bootstrap, rejected);
        rejections.thread.start();
        return rejections;
    }

    private void follow() {
        try (consumer) {
            List<TopicPartition> partitions = consumer.partitionsFor(rejected).stream()
                    .map(partition -> new TopicPartition(rejected, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (true) {
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(WAIT)) {
                    reasons.computeIfAbsent(reason(one.value()), reason -> new LongAdder())
                            .increment();
                }
            }
        } catch (WakeupException | InterruptException e) {
            log.debug("event=rejections_closed");
        } catch (RuntimeException e) {
            log.warn("event=rejections_stopped reason=\"{}\"", e.getMessage());
        }
    }

    private String reason(byte[] value) {
        try {
            return json.readTree(value).path("reason").asText("?");
        } catch (JsonProcessingException e) {
            return "?";
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    SortedMap<String, Long> counts() {
        SortedMap<String, Long> counts = new TreeMap<>();
        reasons.forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
